"""Let ``python -m diffusion`` be the command line."""

import sys

from diffusion.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
