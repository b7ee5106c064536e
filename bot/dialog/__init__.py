"""The thinking part: scripts, question kinds and the engine; pure, no I/O."""
