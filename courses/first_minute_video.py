"""Draws `county/maodun-tiaojie-liubu/media/diyi-fenzhong.mp4`: the first minute of receiving a visitor.

Everything in it is drawn here; nothing comes from elsewhere. It needs Pillow, ffmpeg and the Noto CJK fonts, which the
site itself does not: `pip install pillow`, `apt-get install ffmpeg fonts-noto-cjk`, then

    python courses/first_minute_video.py

The captions (.vtt) and the transcript (.md) lie beside the video and are written by hand; SCENES has their times.
"""

from __future__ import annotations

import math
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

TARGET = Path(__file__).parent / "county" / "maodun-tiaojie-liubu" / "media" / "diyi-fenzhong.mp4"
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"
SIMPLIFIED = 2  # the face of the collection

WIDTH, HEIGHT, RATE = 640, 360, 12
PAPER, WALL, FLOOR, INK, SOFT = "#f8f6f2", "#f1ede6", "#e4ded5", "#231f1b", "#5d554d"
RED, BLUE, GREEN, SKIN, WOOD, WHITE = "#a3191f", "#2d4c70", "#1d6142", "#e8c4a2", "#b08a5e", "#ffffff"


@dataclass(frozen=True)
class Scene:
    """One step: from which second on, its number and words, and what the two people say or hold."""

    start: float
    end: float
    step: str
    words: str
    bubble: str = ""
    speaker: str = ""
    seated: bool = True
    calm: float = 0.0


SCENES = (
    Scene(0, 5, "", "接待的第一分钟"),
    Scene(5, 12, "1", "放下手里的事", "你们到底管不管！", "visitor", seated=False),
    Scene(12, 19, "2", "请坐，问称呼", "您坐，我姓苏。", "worker", seated=False, calm=0.1),
    Scene(19, 28, "3", "听他说一段整话", "月初就开始漏……", "visitor", calm=0.3),
    Scene(28, 36, "4", "认他的着急", "半个月了，是糟心。", "worker", calm=0.5),
    Scene(36, 44, "5", "复述，请他纠正", "我说一遍，您听对不对。", "worker", calm=0.7),
    Scene(44, 51, "6", "说一件做得到的事", "明天下午四点前给您电话。", "worker", calm=0.9),
    Scene(51, 56, "", "先接住人，再接住事", calm=1.0),
)


def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size, index=SIMPLIFIED)


def blend(one: str, other: str, part: float) -> str:
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def room(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 0, WIDTH, 270), fill=WALL)
    draw.rectangle((0, 270, WIDTH, HEIGHT), fill=FLOOR)
    draw.rectangle((540, 110, 615, 270), fill=WOOD)
    draw.ellipse((550, 190, 560, 200), fill=PAPER)
    draw.rectangle((222, 150, 352, 208), fill=WHITE, outline=FLOOR, width=2)
    draw.text((287, 179), "社区接待", font=font(22), fill=SOFT, anchor="mm")


def person(draw: ImageDraw.ImageDraw, x: float, y: float, coat: str, *, mouth: float, sad: bool) -> None:
    """Head, shoulders, eyes and a mouth that opens while speaking."""
    draw.rounded_rectangle((x - 38, y + 34, x + 38, y + 150), radius=26, fill=coat)
    draw.ellipse((x - 30, y - 30, x + 30, y + 34), fill=SKIN)
    draw.pieslice((x - 32, y - 36, x + 32, y + 24), 180, 360, fill=INK)
    for side in (-11, 11):
        draw.ellipse((x + side - 3, y, x + side + 3, y + 6), fill=INK)
        tilt = 4 if sad else 0
        draw.line((x + side - 6, y - 7 + (tilt if side > 0 else -tilt), x + side + 6, y - 7), fill=INK, width=2)
    if mouth > 0.15:
        draw.ellipse((x - 7, y + 15, x + 7, y + 15 + 10 * mouth), fill=RED)
    else:
        first, last = (200, 340) if sad else (20, 160)
        draw.arc((x - 9, y + 10, x + 9, y + 24), first, last, fill=INK, width=2)


def desk(draw: ImageDraw.ImageDraw, scene: Scene) -> None:
    draw.rectangle((150, 246, 400, 262), fill=WOOD)
    draw.rectangle((166, 262, 180, 340), fill=WOOD)
    draw.rectangle((370, 262, 384, 340), fill=WOOD)
    draw.rounded_rectangle((190, 238, 226, 246), radius=3, fill=INK)  # the phone, face down
    if scene.start >= 12:
        draw.rounded_rectangle((340, 222, 362, 246), radius=4, fill=WHITE, outline=SOFT, width=2)  # a cup of water
    if scene.start >= 36:
        draw.polygon(((250, 246), (300, 246), (292, 232), (258, 232)), fill=WHITE, outline=SOFT)  # the note


def bubble(draw: ImageDraw.ImageDraw, words: str, x: float, shown: float) -> None:
    letters = words[: max(1, math.ceil(len(words) * min(1.0, shown * 2.5)))]
    face = font(22)
    half = face.getlength(words) / 2 + 18
    left = max(12, min(WIDTH - 12 - 2 * half, x - half))
    draw.rounded_rectangle((left, 64, left + 2 * half, 108), radius=16, fill=WHITE, outline=SOFT, width=2)
    draw.polygon(((x - 8, 107), (x + 8, 107), (x, 122)), fill=WHITE)
    draw.text((left + 18, 86), letters, font=face, fill=INK, anchor="lm")


def heading(draw: ImageDraw.ImageDraw, scene: Scene) -> None:
    draw.rectangle((0, 0, WIDTH, 48), fill=RED)
    if scene.step:
        draw.ellipse((16, 8, 48, 40), fill=WHITE)
        draw.text((32, 24), scene.step, font=font(20), fill=RED, anchor="mm")
    draw.text((62 if scene.step else 20, 24), scene.words, font=font(24), fill=WHITE, anchor="lm")


def card(draw: ImageDraw.ImageDraw, scene: Scene, second: float) -> None:
    """The first and the last picture: words only, and a line that grows."""
    draw.rectangle((0, 0, WIDTH, HEIGHT), fill=PAPER)
    draw.text((WIDTH / 2, 150), scene.words, font=font(44), fill=INK, anchor="mm")
    grown = min(1.0, (second - scene.start) / 2)
    draw.rectangle((WIDTH / 2 - 150 * grown, 196, WIDTH / 2 + 150 * grown, 201), fill=RED)
    draw.text((WIDTH / 2, 240), "社区学堂 · 教学虚构", font=font(20), fill=SOFT, anchor="mm")


def frame(second: float) -> Image.Image:
    scene = next(scene for scene in SCENES if second < scene.end)
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    if not scene.bubble:
        card(draw, scene, second)
        return image
    passed = second - scene.start
    speaking = abs(math.sin(passed * 7)) if passed < 3.5 else 0.0
    room(draw)
    arrived = min(1.0, passed / 1.5) if scene.start == 5 else 1.0
    visitor = 560 - 120 * arrived
    low = 20 if scene.seated else 0
    person(draw, 130, 140 + (0 if scene.start == 12 else 20), BLUE, mouth=speaking * (scene.speaker == "worker"),
           sad=False)  # fmt: skip
    coat = blend(RED, GREEN, scene.calm)
    person(draw, visitor, 140 + low, coat, mouth=speaking * (scene.speaker == "visitor"), sad=scene.calm < 0.5)
    desk(draw, scene)
    bubble(draw, scene.bubble, 130 if scene.speaker == "worker" else visitor, passed / 3)
    heading(draw, scene)
    return image


def frames() -> Iterator[bytes]:
    for number in range(round(SCENES[-1].end * RATE)):
        yield frame(number / RATE).tobytes()


def main() -> None:
    shape = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE), "-i", "-"]
    codec = ["-c:v", "libx264", "-profile:v", "baseline", "-level", "3.0", "-pix_fmt", "yuv420p", "-crf", "28"]
    steady = ["-g", str(RATE * 4), "-threads", "1", "-bitexact", "-movflags", "+faststart"]
    command = ["ffmpeg", "-y", "-loglevel", "error", *shape, *codec, *steady, str(TARGET)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        for picture in frames():
            encoder.stdin.write(picture)
        encoder.stdin.close()
    if encoder.returncode:
        raise SystemExit("ffmpeg failed")


if __name__ == "__main__":
    main()
