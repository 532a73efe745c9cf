"""The pages: overlay, dashboard and REST, a process of their own and a client of MQTT like any."""
