"""Every payload and every event that crosses a folder or the wire, by subject."""
