#!/usr/bin/env python3
"""Has the engine of viva write down a recording, under another processor: engine.py RECORDING.wav COMMAND ...

The command starts `viva engine`. An emulator of processors does not reach into the processes that a program starts, so that viva itself cannot be asked:
it is spoken to as viva does (src/transcribe/protocol.rs). Takes 16-bit mono at 16 kHz; prints the words.
"""

import json
import struct
import subprocess
import sys
import wave


def main() -> int:
    recording, command = sys.argv[1], sys.argv[2:]
    with wave.open(recording) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 16_000), recording
        frames = sound.readframes(sound.getnframes())
    samples = [s / 32_768 for (s,) in struct.iter_unpack("<h", frames)]
    engine = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def told() -> object:
        head = engine.stdout.read(4)
        if len(head) < 4:
            sys.exit(f"the engine ended with {engine.wait()} before it had written down a word")
        return json.loads(engine.stdout.read(*struct.unpack("<I", head)))

    def wait_for(kind: str) -> dict:
        while True:
            reply = told()
            if isinstance(reply, dict):
                if kind in reply:
                    return reply[kind]
                sys.exit(f"the engine says {reply}")

    wait_for("ready")
    piece = {"piece": {"span": {"start": 0, "end": len(samples) // 16}, "samples": len(samples)}}
    head = json.dumps(piece).encode()
    engine.stdin.write(struct.pack("<I", len(head)) + head + struct.pack(f"<{len(samples)}f", *samples))
    engine.stdin.flush()
    print(" ".join(word["text"] for segment in wait_for("words")["segments"] for word in segment["words"]))
    engine.stdin.close()
    return engine.wait(30)


if __name__ == "__main__":
    sys.exit(main())
