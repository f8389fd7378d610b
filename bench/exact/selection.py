"""Which pictures an encoder gets: slow ones take crops of the photographs and two whole ones."""

SLOW_PREFIXES = ("zopfli", "oxipng-6", "oxipng-zopfli", "optipng-7", "pngcrush-brute", "advpng-4")
WHOLE_FOR_SLOW = {"kodim01", "house"}
PHOTOGRAPHS = {"kodim01", "kodim05", "kodim13", "kodim23", "1044329", "1279330", "girl", "house", "mcm5", "mcm10"}
LARGE = {"code_dracula_screenshot"}


def takes(encoder: str, picture: str) -> bool:
    """Whether an encoder gets the picture of this name."""
    if encoder.startswith(SLOW_PREFIXES):
        return picture in WHOLE_FOR_SLOW or picture not in PHOTOGRAPHS | LARGE
    return not picture.endswith("-crop")
