"""What espeak-ng says of its own speech: the sound, and when each word begins and ends. By its library, because the program does not tell."""
import ctypes, wave

SYNCHRONOUS, CHARS_UTF8, WORD, SENTENCE_OR_END = 2, 1, 1, (2, 5)


class Event(ctypes.Structure):  # espeakEVENT of speak_lib.h
    _fields_ = [("type", ctypes.c_int), ("unique", ctypes.c_uint), ("text_position", ctypes.c_int), ("length", ctypes.c_int), ("audio_position", ctypes.c_int),
                ("sample", ctypes.c_int), ("user_data", ctypes.c_void_p), ("id", ctypes.c_char * 8)]


Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))
library = ctypes.CDLL("libespeak-ng.so.1")
RATE = library.espeak_Initialize(SYNCHRONOUS, 0, None, 0)


def speak(text, path, voice="en-us", speed=150):
    """Writes the sound; returns (word, start, end) in milliseconds. A word lasts until the next one or the end of its clause."""
    sound, events = bytearray(), []

    def heard(samples, count, event):
        if samples and count > 0:
            sound.extend(ctypes.string_at(samples, 2 * count))
        i = 0
        while event[i].type:
            events.append((event[i].type, event[i].text_position - 1, event[i].length, event[i].audio_position))
            i += 1
        return 0

    callback = Callback(heard)
    library.espeak_SetSynthCallback(callback)
    library.espeak_SetVoiceByName(voice.encode())
    library.espeak_SetParameter(1, speed, 0)
    data = text.encode()
    library.espeak_Synth(data, len(data) + 1, 0, 1, 0, CHARS_UTF8, None, None)
    library.espeak_Synchronize()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1), file.setsampwidth(2), file.setframerate(RATE), file.writeframes(bytes(sound))
    return [(text[at:at + length], start, events[i + 1][3]) for i, (kind, at, length, start) in enumerate(events) if kind == WORD and i + 1 < len(events)]
