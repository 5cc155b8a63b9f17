"""Windows of sound to learn from, put together from spoken lines.

`plan` draws which lines stand where in a batch of windows and what is to be written for them (numbers only, on a processor core); `Sound` holds the samples of what was said
and puts a batch together, where the model is.
"""
import numpy as np, torch
from model import EOT, SOT, NO_TIMES, NO_SPEECH, TIME_ZERO

SHAPES = [(6.0, 6), (9.0, 4), (14.0, 6), (30.0, 10)]  # seconds, most lines
EMPTY, NO_TIMES_SHARE, DISTURBED = 0.05, 0.25, 0.12  # shares of windows without speech, of those written without times, of those with another sound beneath


def plan(draw, lines, disturbances, shape, size, row):
    """-> numbers of a batch of `size` windows: pieces (window, source, place, samples), their gains, and padded targets, places, characters, phonemes.

    `lines`: (first sample, samples, tokens, their places in seconds, characters, phonemes) each; `disturbances`: (first sample, samples) of sounds without speech.
    """
    seconds, most = shape
    samples = int(seconds * 16000)
    pieces, targets, places, characters, phonemes, noise = [], [], [], [], [], []
    for window in range(size):
        placed, now = [], draw.uniform(0.02, 0.6)
        level = 10 ** (draw.uniform(-20, 0) / 20)
        empty = draw.random() < EMPTY
        if not empty:
            count = draw.randint(1, 3) if seconds == 30 and draw.random() < 0.6 else draw.randint(max(1, most - 4), most)
            for _ in range(count):
                line = lines[int(draw.random() * len(lines))]
                length = line[1] / 16000
                if now + length + 0.1 > seconds:
                    if placed or length + 0.1 > seconds:
                        break
                    now = 0.02
                placed.append((line, now, min(now + length, seconds)))
                pieces.append((window, line[0], int(now * 16000), min(line[1], samples - int(now * 16000)), level * 10 ** (draw.uniform(-3, 0) / 20)))
                now += length + (draw.uniform(0.08, 0.4) if draw.random() < 0.5 else draw.uniform(0.3, 1.2))
        if empty or draw.random() < DISTURBED:
            source, length = disturbances[int(draw.random() * len(disturbances))]
            offset = draw.randrange(max(1, length - samples))
            pieces.append((window, source + offset, 0, min(samples, length - offset), 1.0 if empty else level * 10 ** (draw.uniform(-30, -12) / 20)))
        end = samples if not placed or draw.random() < 0.5 else int(16000 * min(seconds, placed[-1][2] + 0.3))  # filled up with silence, as whisper.cpp does
        noise.append((10 ** (draw.uniform(-75, -42) / 20) if draw.random() < 0.5 else 0.0, end, draw.random() < 0.5))
        timed = draw.random() >= NO_TIMES_SHARE
        target, place = ([SOT], [-1.0]) if timed else ([SOT, NO_TIMES], [-1.0, -1.0])
        target, place = [np.array([row[t] for t in target])], [np.array(place)]
        stamp = lambda second: (target.append(np.array([row[TIME_ZERO + min(1500, round(second * 50))]])), place.append(np.array([second])))
        for line, begin, over in placed:
            if timed:
                stamp(begin)
            target.append(line[2]), place.append(line[3] + begin)
            if timed:
                stamp(over)
        if not placed and timed:
            target.append(np.array([row[NO_SPEECH]])), place.append(np.array([-1.0]))
        targets.append(np.concatenate(target + [np.array([row[EOT]])]).astype(np.int16)), places.append(np.concatenate(place + [np.array([-1.0])]).astype(np.float32))
        characters.append(np.concatenate([c for line, _, _ in placed for c in (line[4], [27])] or [[]])[:-1].astype(np.int16))
        phonemes.append(np.concatenate([line[5] for line, _, _ in placed] or [[]]).astype(np.int16))
    return {"shape": (size, samples), "pieces": np.array([p[:4] for p in pieces], np.int64), "gains": np.array([p[4] for p in pieces], np.float32), "noise": np.array(noise, np.float32),
            "targets": padded(targets, -1), "places": padded(places, -1.0), "characters": padded(characters, 0), "character_counts": np.array([len(c) for c in characters]),
            "phonemes": padded(phonemes, 0), "phoneme_counts": np.array([len(p) for p in phonemes])}


def padded(rows, fill):
    out = np.full((len(rows), max(1, max(map(len, rows)))), fill, rows[0].dtype)
    for k, row in enumerate(rows):
        out[k, :len(row)] = row
    return out


class Sound:
    """All samples said so far (int16), where the model is."""

    def __init__(self, hours, device):
        self.samples, self.end, self.device = torch.zeros(int(hours * 3600 * 16000), dtype=torch.int16, device=device), 0, device

    def add(self, samples):
        """-> where they begin, or None where there is no room."""
        if self.end + len(samples) > len(self.samples):
            return None
        begin = self.end
        self.samples[begin:begin + len(samples)] = torch.from_numpy(samples).to(self.device)
        self.end += len(samples)
        return begin

    def window(self, batch):
        """-> [windows, samples], float, full scale 1"""
        size, samples = batch["shape"]
        pieces, gains = torch.from_numpy(batch["pieces"]).to(self.device), torch.from_numpy(batch["gains"]).to(self.device)
        sound = torch.zeros(size * samples, device=self.device)
        if len(pieces):
            lengths = pieces[:, 3]
            first = lengths.cumsum(0) - lengths
            within = torch.arange(int(batch["pieces"][:, 3].sum()), device=self.device)
            spread = lambda values: torch.repeat_interleave(values, lengths, output_size=len(within))
            sound.index_add_(0, within + spread(pieces[:, 0] * samples + pieces[:, 2] - first), self.samples[within + spread(pieces[:, 1] - first)].float() * spread(gains / 32768))
        sound, noise = sound.view(size, samples), torch.from_numpy(batch["noise"]).to(self.device)
        white = torch.randn_like(sound)
        smooth = torch.nn.functional.avg_pool1d(white[:, None], 9, 1, 4)[:, 0]
        until = torch.arange(samples, device=self.device) < noise[:, 1:2]
        return sound + noise[:, :1] * until * torch.where(noise[:, 2:] > 0, white, smooth)


def unspoken(draw, count, seconds=30):
    """Sounds without speech: noise, hum, tones, clicks, or nothing; int16, each `seconds` long."""
    noise, size = np.random.default_rng(draw.randrange(1 << 30)), seconds * 16000
    time_axis, sounds = np.arange(size, dtype=np.float32) / 16000, []
    for number in range(count):
        kind, level, sound = number % 5, 10 ** (draw.uniform(-60, -12) / 20), np.zeros(size, np.float32)
        if kind == 1:
            steady = noise.standard_normal(size, dtype=np.float32)
            sound += level * (steady if draw.random() < 0.5 else np.convolve(steady, np.ones(8, np.float32) / 8, "same"))
        elif kind == 2:
            sound += level * np.sin(2 * np.pi * draw.choice([50, 60, 100, 120]) * time_axis) + level / 3 * np.sin(2 * np.pi * 180 * time_axis)
        elif kind == 3:
            for _ in range(draw.randint(2, 12)):
                begin = draw.randrange(size - 8000)
                length = draw.randint(1600, 8000) if draw.random() < 0.6 else min(size - begin, 160_000)
                sound[begin:begin + length] += level * np.sin(2 * np.pi * draw.uniform(150, 3000) * time_axis[:length])
        elif kind == 4:
            for _ in range(draw.randint(10, 60)):
                begin = draw.randrange(size - 400)
                sound[begin:begin + 200] += level * 3 * noise.standard_normal(200, dtype=np.float32) * np.exp(-np.arange(200, dtype=np.float32) / draw.uniform(5, 60))
        sounds.append((sound * 32767).clip(-32768, 32767).astype(np.int16))
    return np.concatenate(sounds)
