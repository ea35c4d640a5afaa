"""An example handler for Python: counts the words of a generated text. It uses one core."""

from collections import Counter

WORDS = "the quick brown fox jumps over the lazy dog while memory decides how fast it runs".split()


def text_of(length):
    return " ".join(WORDS[(i * i + 7 * i) % len(WORDS)] for i in range(length))


def lambda_handler(event, context):
    length = (event or {}).get("words", 60000)  # without a payload the event is null
    counts = Counter(text_of(length).split())
    word, count = counts.most_common(1)[0]
    print(f"{length} words, {context.get_remaining_time_in_millis()} ms left")
    return {"words": length, "most": word, "count": count}
