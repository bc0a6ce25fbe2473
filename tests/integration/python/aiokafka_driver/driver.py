"""What aiokafka does, a test each: its source distribution holds none.

driver.py BOOTSTRAP [NAME ...] runs the tests of these names, or all. Each prints
`PASS name` or `FAIL name: why`.
"""

import asyncio
import logging
import sys

import records, groups, administration  # noqa: E401, F401: each adds its tests.
from harness import TESTS


async def main():
    logging.disable(logging.CRITICAL)
    only = sys.argv[2:]
    for name, function in TESTS.items():
        if only and name not in only:
            continue
        try:
            await asyncio.wait_for(function(), 90)
            print(f"PASS {name}")
        except Exception as error:  # Whatever it is: the next test is to run.
            text = " ".join(f"{type(error).__name__} {error}".split())
            print(f"FAIL {name}: {text}")


asyncio.run(main())
