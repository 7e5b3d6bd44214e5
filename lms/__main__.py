"""`python -m lms` is `lms`."""

from lms.cli import main

if __name__ == "__main__":
    main()
