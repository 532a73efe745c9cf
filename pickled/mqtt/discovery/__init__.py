"""Home Assistant's discovery, from the contract's table: daemon, nodes, vision-server."""
