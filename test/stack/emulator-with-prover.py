"""The emulated AWS, which mounts no layer at /opt: its functions inherit where the prover is instead."""

import os
import runpy
from pathlib import Path

PROJECT = Path(__file__).parents[2]

os.environ["PROVER_PATH"] = str(PROJECT / "layers/prover/target/release/nightshift-prover")
runpy.run_path(str(PROJECT / "local/emulator.py"), run_name="__main__")
