"""What every test may use."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-talks", action="store_true", help="write the talks as the engine has them now")
