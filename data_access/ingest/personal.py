"""What must never enter: persons' names, phone numbers, ID numbers, case texts, reports against persons.

The importer asks here for every mapped column's name and content. Nothing found here is ever repeated.
"""

import re
from datetime import date
from typing import TypeGuard

from data_access.ingest.problems import Fault
from data_access.ingest.text import fold

MAXIMUM_CODE_LENGTH = 80
"""A code or a number is never longer; a text about a case soon is."""

MAXIMUM_HAN_SHOWN = 12
"""Chinese characters; the name of a category or a unit seldom has more, a text about a case nearly always."""

_NAMES = {
    "person_name": re.compile(
        r"姓名|名字|联系人|当事人|诉求人|反映人|来访人|来信人|投诉人|申请人|举报人|被举报人|"
        r"\b(full|first|last|family|given|middle|customer|contact|complainant|caller|requester|reporter|applicant|"
        r"employee|person|patient|client|user)s?\s?names?\b|^name$|\b(complainant|caller|requester|applicant)\b"
    ),
    "phone": re.compile(
        r"电话|手机|联系方式|传真|微信号|qq号|\b(phone|mobile|telephone|tel|cell|fax|whatsapp|wechat id)\b"
    ),
    "identity": re.compile(
        r"身份证|证件号|工号|护照|社保号|\b(id card|identity|ssn|passport|national id|employee (id|no|number))\b"
    ),
    "address": re.compile(r"住址|地址|邮箱|电子邮件|\b(e ?mail|address|street)\b"),
    "free_text": re.compile(
        r"内容|描述|正文|详情|备注|说明|留言|诉求摘要|标题|"
        r"\b(descriptions?|comments?|details?|remarks?|notes?|message|text|body|narrative|summary|free text)\b"
    ),
}
_CONTENT = re.compile(r"\d{10}|\d[ -]\d|@|[。！？!?]")
_PERSONAL_LENGTHS = (11, 13, 18)
"""How many digits a mobile number has, without and with 86 before it, and an ID number."""
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_BARE_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[ -]\d{7,8}(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
_SENTENCE = re.compile(r"[。！？!?]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"

_AGAINST_PERSONS = re.compile(
    r"检举|控告|(?<!隐患)(?<!安全)举报|纪检信访|揭发|whistle.?blow|reports? against|accusation|denunciation|misconduct"
)

_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范"
    "方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_POST_ENDINGS = tuple("长员记任席理师工组部科队班室会办处局级线网群箱日")


def header_fault(header: str) -> Fault | None:
    """The reason to refuse a mapped column for its name; None if there is none."""
    words = re.sub(r"[\W_]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header))
    folded = fold(words)
    for reason, pattern in _NAMES.items():
        if pattern.search(folded):
            return Fault("personal_header", (("reason", reason),))
    return None


def content_fault(text: str) -> Fault | None:
    """The reason to refuse a text for what it holds; None if there is none."""
    if len(text) > MAXIMUM_CODE_LENGTH:
        return _personal("free_text")
    if not may_be_personal(text) or (text.isdigit() and len(text) not in _PERSONAL_LENGTHS):
        return None
    if any(is_identity_number(found) for found in _IDENTITY.findall(text)):
        return _personal("identity")
    if _MOBILE.search(text) or _LANDLINE.search(text):
        return PHONE
    if _EMAIL.search(text):
        return _personal("address")
    return _personal("free_text") if _SENTENCE.search(text) and len(text) > 12 else None


def may_be_personal(text: str) -> bool:
    """Whether ``content_fault`` must look more closely at a text, or at one of several joined by control characters."""
    return _CONTENT.search(text) is not None


def is_bare_mobile(value: object) -> TypeGuard[str]:
    """Whether a text is written like a mobile number and nothing else; a system's running number may be, too."""
    return isinstance(value, str) and len(value) == 11 and _BARE_MOBILE.fullmatch(value) is not None


def is_fit_to_show(text: str) -> bool:
    """Whether a message may repeat a cell that couldn't be used: it is neither personal nor as long as a text."""
    han = sum(_is_han(character) for character in text)
    return content_fault(text) is None and not looks_like_name(text) and han <= MAXIMUM_HAN_SHOWN


def _personal(reason: str) -> Fault:
    return Fault("personal_content", (("reason", reason),), secret=True)


PHONE = _personal("phone")


def is_identity_number(text: str) -> bool:
    """Whether 18 characters are a citizen's ID number: a birthday inside and the right check digit."""
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    if born.year < 1900:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11] == text[17].upper()


def is_against_persons(text: str) -> bool:
    """Whether a channel's or category's name says that reports against persons come through it."""
    return _AGAINST_PERSONS.search(fold(text)) is not None


def looks_like_name(text: str) -> bool:
    """Whether a text is written like a Chinese person's name: surname and one or two characters more."""
    return 2 <= len(text) <= 3 and text[0] in _SURNAMES and _is_han(text) and not text.endswith(_POST_ENDINGS)


def _is_han(text: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" for character in text)
