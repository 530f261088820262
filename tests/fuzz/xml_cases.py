"""WCO documents made wrong: their structure, values, size, namespaces, entities and pointers."""

import re
from collections.abc import Callable, Sequence
from random import Random
from xml.sax.saxutils import escape

from tests.fuzz import seeds, values
from tests.fuzz.element import Element

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

NAMESPACES = (
    "urn:wco:datamodel:WCO:DEC-DMS:2",
    "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2",
    "urn:wco:datamodel:WCO:RES-DMS:2",
    "urnwcodatamodelWCODECDMS2",
    "urn:somebody:else",
    "",
    "u" * 100_000,
)

NAMES = (
    "Declaration Response MetaData GoodsShipment GovernmentAgencyGoodsItem Commodity Pointer Amendment SequenceNumeric "
    "DocumentSectionCode TagID FunctionCode TypeCode ID Name Address CountryCode DateTimeString AdditionalDocument "
    "AdditionalInformation Consignee Exporter Declarant Agent Consignment ConsignmentItem Classification VersionID "
    "FunctionalReferenceID ä Ünïcode x.y-z _ a:b:c"
).split()

Change = Callable[[Random, Element], None]


def chosen(rng: Random, root: Element, *, within: bool = False) -> Element:
    """Any element; `within`, one that has children."""
    found = [one for one in root.walk() if one.children or not within]
    return rng.choice(found) if found else root


def named(root: Element, name: str) -> list[Element]:
    return [one for one in root.walk() if one.name == name]


def delete(rng: Random, root: Element) -> None:
    parent = chosen(rng, root, within=True)
    if parent.children:
        parent.children.pop(rng.randrange(len(parent.children)))


def duplicate(rng: Random, root: Element) -> None:
    parent = chosen(rng, root, within=True)
    if parent.children:
        one = rng.choice(parent.children)
        parent.children += [one.copy() for _ in range(values.size(rng, 5))]


def move(rng: Random, root: Element) -> None:
    parent = chosen(rng, root, within=True)
    if parent.children:
        one = parent.children.pop(rng.randrange(len(parent.children)))
        target = chosen(rng, root)
        target.children.insert(rng.randint(0, len(target.children)), one)


def rename(rng: Random, root: Element) -> None:
    chosen(rng, root).name = rng.choice(NAMES)


def nest(rng: Random, root: Element) -> None:
    """An element within another of its own name, or what was in it one level down."""
    one = chosen(rng, root)
    for _ in range(values.size(rng, 20)):
        inner = Element(rng.choice((one.name, rng.choice(NAMES))), one.text, one.children)
        one.children, one.text = [inner], ""


def shuffle(rng: Random, root: Element) -> None:
    rng.shuffle(chosen(rng, root, within=True).children)


def hollow(rng: Random, root: Element) -> None:
    one = chosen(rng, root)
    one.children, one.text = [], rng.choice(("", one.text))


def mixed(rng: Random, root: Element) -> None:
    chosen(rng, root, within=True).text = "between " + values.text(rng)


def graft(rng: Random, root: Element) -> None:
    """A part of another kind of message."""
    other = rng.choice((*seeds.originals(), *seeds.amendments(), *seeds.notices()))
    chosen(rng, root).children.append(chosen(rng, other).copy())


def value(rng: Random, root: Element) -> None:
    leaves = [one for one in root.walk() if not one.children]
    rng.choice(leaves or [root]).text = values.text(rng)


def attribute(rng: Random, root: Element) -> None:
    one = chosen(rng, root)
    for _ in range(values.size(rng, 8)):
        one.attributes[rng.choice(("unitCode", "currencyID", "formatCode", "xsi:type", "id", "#text"))] = (
            values.text(rng)
        )


STRUCTURE: tuple[Change, ...] = (delete, duplicate, move, rename, nest, shuffle, hollow, mixed, graft)
VALUES: tuple[Change, ...] = (value, value, value, attribute)


def deep(rng: Random, root: Element) -> None:
    name, levels = rng.choice(NAMES[:16]), values.size(rng, 100_000)
    one = Element(name)
    one.raw = f"<{name}>" * levels + "1" + f"</{name}>" * levels
    chosen(rng, root).children.append(one)


def many(rng: Random, root: Element) -> None:
    """Huge counts of siblings: copies of a part, or bare elements."""
    parent = chosen(rng, root, within=True)
    if not parent.children:
        return
    one = rng.choice(parent.children)
    out: list[str] = []
    one.written(out)
    part = "".join(out) if rng.random() < 0.7 else f"<{one.name}/>"
    copies = Element(one.name)
    copies.raw = part * values.size(rng, max(2, 4_000_000 // max(1, len(part))))
    parent.children.append(copies)


def long_text(rng: Random, root: Element) -> None:
    unit = rng.choice(
        ("A", "AB ", "9", "\n", "é", "&#65;", "<!-- c -->", "<![CDATA[x]]>", "<?p i?>", "株", "&amp;")
    )
    one = chosen(rng, root)
    one.raw = f"<{one.name}>{unit * values.size(rng, 3_000_000 // len(unit))}</{one.name}>"


def long_attributes(rng: Random, root: Element) -> None:
    one = chosen(rng, root)
    if rng.random() < 0.5:
        one.attributes["unitCode"] = "K" * values.size(rng, 1_000_000)
    else:
        one.attributes |= {f"a{n}": "v" for n in range(values.size(rng, 50_000))}


def long_name(rng: Random, root: Element) -> None:
    chosen(rng, root).name = "n" * values.size(rng, 100_000)


def attributed(rng: Random, root: Element) -> None:
    """Bare elements with an attribute each: what takes the most memory for its bytes."""
    one = Element("a")
    one.raw = '<a b="c"/>' * values.size(rng, 310_000)
    chosen(rng, root, within=True).children.append(one)


def items_of_items(rng: Random, root: Element) -> None:
    """Many goods items, each with much in it: what a declaration of 999 items costs, and more."""
    items = named(root, "GovernmentAgencyGoodsItem")
    if not items:
        return many(rng, root)
    out: list[str] = []
    one = items[0].copy()
    one.children = [child for child in one.children if child.name != "SequenceNumeric"]
    one.children.append(Element("SequenceNumeric", "@"))
    one.written(out)
    part, count = "".join(out), values.size(rng, 3_000)
    items[0].raw = "".join(part.replace("@", str(n)) for n in range(1, count + 1))


SIZES: tuple[Change, ...] = (deep, many, long_text, long_attributes, long_name, attributed, items_of_items)

NUMBERS = ("0", "-1", "1", "2", "3", "99999", "1000000000", "9" * 400, "", "x", "1.5", "1e9", "١", "NaN")


def pointer(rng: Random) -> Element:
    """One Pointer, with or without sense."""
    made = Element("Pointer")
    if rng.random() < 0.8:
        made.children.append(Element("SequenceNumeric", rng.choice(NUMBERS)))
    code = (
        rng.choice(seeds.SECTIONS)
        if rng.random() < 0.8
        else rng.choice(("00Z", "", "42a", "67", values.text(rng)))
    )
    made.children.append(Element("DocumentSectionCode", code))
    if rng.random() < 0.3:
        made.children.append(Element("TagID", rng.choice((*seeds.TAGS, values.text(rng)))))
    return made


def wild_pointers(rng: Random, root: Element) -> None:
    """An amendment that points anywhere: unknown sections, wild numbers, the same way round and round."""
    for one in rng.sample(found := named(root, "Amendment"), values.size(rng, len(found)) if found else 0):
        one.children = [child for child in one.children if child.name != "Pointer"]
        path = [pointer(rng) for _ in range(values.size(rng, 12))]
        if rng.random() < 0.7:
            path.insert(0, Element("Pointer", children=[Element("DocumentSectionCode", "42A")]))
        for _ in range(values.size(rng, 20) if rng.random() < 0.2 else 1):
            one.children += [step.copy() for step in path]


def bent_pointer(rng: Random, root: Element) -> None:
    """One step of a good pointer changed."""
    steps = [one for amendment in named(root, "Amendment") for one in named(amendment, "Pointer")]
    if not steps:
        return
    one = rng.choice(steps)
    new = pointer(rng)
    one.children = new.children if rng.random() < 0.3 else [*one.children[:1], *new.children[-1:]]


def sequence(rng: Random, root: Element) -> None:
    """Numbers by which the parts of document and delta are matched."""
    numbers = named(root, "SequenceNumeric")
    for one in rng.sample(numbers, values.size(rng, len(numbers)) if numbers else 0):
        one.text = rng.choice(NUMBERS)


def many_pointers(rng: Random, root: Element) -> None:
    """Thousands of amendments, or one with thousands of steps."""
    declarations = named(root, "Declaration")
    if not declarations:
        return
    steps = [pointer(rng) for _ in range(values.size(rng, 8))]
    out: list[str] = []
    for step in steps:
        step.written(out)
    path, count = "".join(out), values.size(rng, 10_000)
    one = Element("Amendment")
    if rng.random() < 0.4:
        way = rng.choice((path, seeds.pointers((rng.choice(seeds.SECTIONS), rng.choice((1, 2, None))))))
        one.raw = f"<Amendment>{seeds.pointers(seeds.DECLARATION)}{way * count}</Amendment>"
    else:
        where = rng.choice((path, *(where for where, _ in seeds.CHANGES)))
        one.raw = f"<Amendment><ChangeReasonCode>1</ChangeReasonCode>{where}</Amendment>" * count
    rng.choice(declarations).children.append(one)


def wide(rng: Random, root: Element) -> None:
    """One change for each of very many items, or of very many documents of one item; honest ones have up to 999."""
    declarations = named(root, "Declaration")
    if not declarations:
        return
    count = values.size(rng, rng.choice((1_000, 8_000)))
    told, given = Element("Amendment"), Element("GoodsShipment")
    section, within, tag = rng.choice(
        (("68A", False, None), ("68A", False, "114"), ("02A", True, None), ("02A", True, "D005"))
    )
    above = (seeds.DECLARATION, seeds.SHIPMENT, *((("68A", 1),) if within else ()))
    told.raw = "".join(
        f"<Amendment>{seeds.pointers(*above, (section, n), *((tag,) if tag else ()))}</Amendment>"
        for n in range(1, count + 1)
    )
    if within:
        inside = "<SequenceNumeric>1</SequenceNumeric>" + "".join(
            f"<AdditionalDocument><ID>D{n}</ID><TypeCode>901</TypeCode></AdditionalDocument>"
            for n in range(count)
        )
        items = f"<GovernmentAgencyGoodsItem>{inside}</GovernmentAgencyGoodsItem>"
    else:
        items = "".join(
            f"<GovernmentAgencyGoodsItem><SequenceNumeric>{n}</SequenceNumeric><StatisticalValueAmount>{n}"
            "</StatisticalValueAmount></GovernmentAgencyGoodsItem>"
            for n in range(1, count + 1)
        )
    given.raw = f"<GoodsShipment>{items if rng.random() < 0.8 else ''}</GoodsShipment>"
    rng.choice(declarations).children += [told, given]


def no_change(rng: Random, root: Element) -> None:
    """Pointers without what they point to, or that without pointers."""
    declaration = rng.choice(named(root, "Declaration") or [root])
    gone = rng.choice(("GoodsShipment", "Amendment", "TotalPackageQuantity"))
    declaration.children = [child for child in declaration.children if child.name != gone]


POINTERS: tuple[Change, ...] = (wild_pointers, bent_pointer, bent_pointer, sequence, no_change)


def changed(rng: Random, pool: Sequence[Element], changes: Sequence[Change], most: int = 6) -> Element:
    """A seed of the pool with up to `most` changes."""
    root = rng.choice(pool).copy()
    for _ in range(values.size(rng, most)):
        rng.choice(changes)(rng, root)
    return root


def document(rng: Random, root: Element, *, plain: bool = False) -> str:
    """The text of a document, its namespaces bound as systems do; `plain` keeps it free of control characters, which
    no XML may hold and which would hide all else that is odd about a document."""
    prefix = rng.choice(("", "", "", "p:", "Ω:"))
    where = f"xmlns{':' + prefix[:-1] if prefix else ''}"
    if rng.random() < 0.9:
        root.attributes[where] = NAMESPACES[0]
    out: list[str] = []
    root.written(out, prefix)
    written = "".join(out)
    head = rng.choice(("", "", '<?xml version="1.0" encoding="UTF-8"?>', "\n \n<?xml version='1.0'?>\n"))
    if plain and rng.random() < 0.9:
        written = NOT_XML.sub("", written)
    return head + written


def namespaced(rng: Random) -> str:
    """Prefixes bound anew, to nothing, to one another, by the thousand."""
    root = changed(rng, (*seeds.originals(), *seeds.amendments(), *seeds.notices()), STRUCTURE, 2)
    for _ in range(values.size(rng, 6)):
        one = chosen(rng, root)
        name = rng.choice(
            ("xmlns", "xmlns:p", "xmlns:xml", "xmlns:xmlns", "xmlns:Ω", "xmlns:", ":", "xml:lang", "q:a")
        )
        one.attributes[name] = rng.choice(NAMESPACES)
    if rng.random() < 0.2:
        root.attributes |= {f"xmlns:n{n}": rng.choice(NAMESPACES[:6]) for n in range(values.size(rng, 5_000))}
    return document(rng, root)


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x"}">' for n in range(10))
DOCTYPES = (
    f"<!DOCTYPE Declaration [{BOMB}]>",
    '<!DOCTYPE Declaration [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE Declaration [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x">%p;]>',
    '<!DOCTYPE Declaration SYSTEM "x.dtd">',
    '<!DOCTYPE Declaration PUBLIC "-//X" "http://127.0.0.1:9/x.dtd">',
    "<!DOCTYPE Declaration [<!ATTLIST ID a CDATA 'x'>]>",
    "<!DOCTYPE Declaration [<!NOTATION n SYSTEM 'x'>]>",
    "<!DOCTYPE Declaration>",
    "<!DOCTYPE",
    "<!doctype html>",
    "<![CDATA[<!DOCTYPE x>]]>",
    "<!-- <!DOCTYPE x> -->",
    "<?xml-stylesheet href='x'?>",
    f"<!DOCTYPE Declaration [<!ENTITY big '{'A' * 100_000}'>]>",
)


def entities(rng: Random) -> str:
    root = changed(rng, (*seeds.originals(), *seeds.notices()), VALUES, 2)
    one = chosen(rng, root)
    used = rng.choice(
        (
            "&e9;",
            "&x;",
            "&big;" * 1000,
            "&lt;",
            "&#0;",
            "&#xD800;",
            "&#x110000;",
            "&#1114112;",
            "&nothing;",
            "&",
        )
    )
    one.raw = f"<{one.name}>{escape(one.text)}{used}</{one.name}>"
    body = document(rng, root, plain=True)
    return rng.choice(("", rng.choice(DOCTYPES), rng.choice(DOCTYPES))) + body
