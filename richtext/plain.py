"""What plain text for a patient reads like."""

import re

_NUMBER = r"(?:\d+(?:[.,]\d+)?|½|¼|one|two|three|four|five|six|half an?|an?|another)"
_HARMLESS = r"(?!\s*(?:of\s+)?(?:water|tea|milk|juice|broth|soup|coffee|yogh?urt|oil))"
_UNIT = r"(?:mg|milligrams?|µg|μg|mcg|ug|micrograms?|ml|millilitres?|milliliters?|iu|international units?)\b"
_FORM = (
    r"(?:tablets?|tabs?|pills?|capsules?|caplets?|drops?(?!\s+in\b)|puffs?|patch(?:es)?|sachets?|suppositor(?:y|ies)"
    r"|lozenges?|ampoules?|injections?|doses?)\b"
)
_MEDICINE = (
    r"\b(?:paracetamol|acetaminophen|ibuprofen|diclofenac|naproxen|metamizole?|aspirin|tramadol|tilidine?|codeine"
    r"|morphine|oxycodone|hydromorphone|fentanyl|buprenorphine|tapentadol|gabapentin|pregabalin|amitriptyline"
    r"|nortriptyline|duloxetine|venlafaxine|baclofen|tizanidine|diazepam|pantoprazole|omeprazole|opioids?"
    r"|pain ?killers?|medicines?|medication)\b"
)
_OFTEN = (
    r"(?:(?:once|twice|thrice|(?:\d+|one|two|three|four|five|six) ?(?:times|x))(?: (?:a|per|each|every) day| daily)"
    r"|every (?:\d+|two|three|four|six|eight|twelve) hours|(?:every|each) (?:morning|evening|night)|daily"
    r"|at bedtime|before bed|with (?:food|meals)|as needed|when needed)\b"
)
_TAKE = (
    r"\b(?:take|swallow|inhale|inject)\b(?! (?:an? |the |your |some |it |care|time|part|off|up|note|turns)"
    r"*(?:walks?|breaks?|rests?|baths?|showers?|breaths?|steps?|stairs|photos?|notes?|easy|slow(?:ly)?|time|class))"
)
_DOSES = (
    rf"\b{_NUMBER}\s*(?:-|–|to)?\s*(?:\d+(?:[.,]\d+)?)?\s*{_UNIT}{_HARMLESS}",
    rf"(?:\b{_NUMBER}|[½¼])\s+(?:more |fewer |less )?{_FORM}",
    r"\b\d(?:/\d)?\s?[-–]\s?\d(?:/\d)?\s?[-–]\s?\d(?:/\d)?(?:\s?[-–]\s?\d(?:/\d)?)?\b(?!\d)",
    rf"{_TAKE}(?: \S+){{0,5}}? {_OFTEN}",
    rf"{_MEDICINE}(?:[^.!?\n]{{0,40}}?)(?:\b{_OFTEN}|\b\d+)",
    rf"(?:increase|reduce|lower|raise|halve|double|stop|start|taper|skip)\b(?:[^.!?\n]{{0,30}}?)(?:\bdoses?\b|{_MEDICINE})",
)
_DOSE = re.compile("|".join(f"(?:{each})" for each in _DOSES), re.IGNORECASE)
_MOST = 20_000


def dose_in(text: str) -> str | None:
    """The words of a text that read like a medicine dose, or None.

    Looked for, in English: an amount ("20 mg", "two tablets", "10 drops"), a scheme ("1-0-1"), how often something is
    taken ("take it twice a day", "tramadol at bedtime"), and a dose that is changed ("halve the dose"). How often one
    exercises or drinks is none. It is a net for what slipped in, not a proof that there is no dose.
    """
    found = _DOSE.search(" ".join(text[:_MOST].split()))
    return found[0].strip() if found else None
