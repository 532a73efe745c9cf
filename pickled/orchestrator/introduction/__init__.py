"""Who we are: `info`, and the devices that Home Assistant is told of."""
