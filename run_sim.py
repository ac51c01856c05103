"""Run the program without installing its command: hand over to ``diffusion.cli``."""

import sys


def main() -> int:
    """Return the exit code of the command line, or say what to install first."""
    try:
        from diffusion.cli.main import main as command_line

        return command_line()
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] == "diffusion":
            raise
        print(f"{error.name} is not installed; install what the program needs with: pip install -e .", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
