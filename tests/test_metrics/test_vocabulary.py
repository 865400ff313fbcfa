import pytest

from metrics import vocabulary
from metrics.counts import AGE_BANDS, FACTS, UNIT_KINDS
from metrics.definition import FAMILIES
from metrics.problem import DefinitionError
from metrics.vocabulary import OPEN_SECTIONS, SECTION_OF_DIMENSION

WORDS = vocabulary.load(None)


def load_own(tmp_path, text):
    path = tmp_path / "words.toml"
    path.write_text(text, encoding="utf-8")
    return vocabulary.load(path)


def test_the_glossarys_channels():
    assert WORDS.codes("channels") == (
        "letterbox",
        "reception_day",
        "group_chat",
        "official_account",
        "liaison",
        "letter_or_visit",
        "hotline",
        "intranet",
    )
    assert WORDS.name("channels", "liaison", "zh") == "信息员"
    assert WORDS.name("channels", "liaison", "en") == "Liaison"


def test_codes_that_the_program_knows_have_names():
    assert WORDS.codes("age_bands") == tuple(code for code, _ in AGE_BANDS)
    assert WORDS.codes("families") == FAMILIES
    assert WORDS.codes("unit_kinds") == UNIT_KINDS
    assert len(WORDS.codes("networks")) == 4


def test_every_dimension_but_posts_has_its_words():
    dimensions = {dimension for spec in FACTS.values() for dimension in spec.dimensions}
    assert dimensions - set(SECTION_OF_DIMENSION) == {"decided_by"}


def test_a_code_that_nobody_knows_stands_for_itself():
    assert WORDS.name("channels", "pigeon", "zh") == "pigeon"


@pytest.mark.parametrize("text", ["hotline", "热线电话", "Hotline", " HOTLINE ", "电话"])
def test_a_word_is_found_by_code_name_and_other_spellings(text):
    assert WORDS.find("channels", text) == "hotline"


def test_a_word_that_is_not_there_is_not_found():
    assert WORDS.find("channels", "信鸽") is None


@pytest.mark.parametrize("text", ["检举控告", "举报", "纪检举报", "accusation"])
def test_reports_against_a_person_are_refused_channels(text):
    assert WORDS.find("refused_channels", text) is not None
    assert WORDS.find("channels", text) is None


def test_a_companys_open_section_takes_the_place_of_the_built_in_one(tmp_path):
    own = load_own(tmp_path, '[networks]\nparty = { zh = "党", en = "Party" }\n')
    assert own.codes("networks") == ("party",)
    assert own.codes("channels") == WORDS.codes("channels")


def test_refused_channels_are_only_ever_added_to(tmp_path):
    own = load_own(tmp_path, '[refused_channels]\npetition = { zh = "举报箱", en = "Report box" }\n')
    assert own.codes("refused_channels") == (*WORDS.codes("refused_channels"), "petition")


def test_codes_of_a_closed_section_can_be_renamed_but_not_added(tmp_path):
    own = load_own(tmp_path, '[grades]\nA = { zh = "特急", en = "Urgent" }\n')
    assert own.codes("grades") == ("A", "B", "C")
    assert own.name("grades", "A", "zh") == "特急"
    with pytest.raises(DefinitionError, match=r"grades\.D: the program doesn't know this code"):
        load_own(tmp_path, '[grades]\nD = { zh = "丁", en = "D" }\n')


def test_every_problem_is_reported(tmp_path):
    text = """
[weather]
sunny = 1
[channels]
post = { zh = "邮件", en = "Post", color = "red" }
mail = { zh = "邮件", en = "" }
radio = "收音机"
[outcomes]
lost = { zh = "丢失", en = "Lost" }
"""
    with pytest.raises(DefinitionError) as caught:
        load_own(tmp_path, text)
    assert {problem.key for problem in caught.value.problems} == {
        "weather",
        "channels.post.color",
        "channels.mail",
        "channels.mail.en",
        "channels.radio",
        "channels.radio.zh",
        "channels.radio.en",
        "outcomes.lost",
    }


def test_a_file_that_cannot_be_read_is_reported(tmp_path):
    with pytest.raises(DefinitionError, match="can't be read"):
        vocabulary.load(tmp_path)


def test_open_sections_are_never_empty():
    assert all(WORDS.codes(section) for section in OPEN_SECTIONS)


def test_an_unknown_section_is_an_error():
    with pytest.raises(KeyError):
        WORDS.words("weather")
