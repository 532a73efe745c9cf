"""`python -m pickled` is the same as `pickled`."""

from pickled.cli import main

if __name__ == "__main__":
    main()
