"""What is written: the question, the notice that it is a test, and the mail that says so afterwards. Pure.

Headers: RFC 5322, with nothing by which a mail system could treat the enquiry as special. ``Auto-Submitted``
(RFC 3834, section 5) is left out, against its advice for mail sent by a program: "auto-generated" makes help desks
withhold the acknowledgement and file the mail away, so that no wait for a person would be measured. "no" would say
outright that a person sent it; that its absence is read alike (IANA, auto-submitted-keywords, 2009-02-02) is why the
text says what the mail is, at its end or in a second mail. No ``X-`` header marks the test either.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from audit.enquiring.scheduling import Slot
from audit.enquiring.tables import texts
from audit.enquiring.tokens import message_id, plus_address, token
from audit.judging.promptness import BERLIN
from audit.model import Consent, Enquiry, Organisation


def enquiry(
    slot: Slot, organisation: Organisation, consent: Consent, secret: bytes, sender: str, *, plus: bool
) -> Enquiry:
    """The enquiry of a slot, whole. ``plus``: answers come to an address of its own."""
    id_ = token(secret, organisation.id, slot.addressee.address, slot.addressee.service, slot.at.isoformat())
    fitting = [text for text in texts()["text"] if text["kind"] == slot.kind]
    text = fitting[slot.draw % len(fitting)]
    return Enquiry(
        id=id_,
        organisation=organisation.id,
        address=slot.addressee.address,
        service=slot.addressee.service,
        kind=slot.kind,
        window=slot.window,
        at=slot.at,
        subject=text["subject"],
        body=_body(text["body"].format(subject=slot.addressee.subject), organisation, consent),
        reveal=consent.reveal,
        message=message_id(sender, id_),
        reply_to=plus_address(sender, id_) if plus else sender,
    )


def _body(question: str, organisation: Organisation, consent: Consent) -> str:
    frame = texts()["frame"]
    parts = [frame["greeting"], "", question, "", frame["closing"]]
    if consent.reveal == "at-once":
        parts.append(frame["notice"].format(**_told(organisation, consent)))
    return "\n".join(parts) + "\n"


def _told(organisation: Organisation, consent: Consent) -> dict[str, str]:
    agreed = consent.agreed_on.strftime("%d.%m.%Y")
    return {"organisation": organisation.name, "agreed_by": consent.agreed_by, "agreed_on": agreed}


def message(one: Enquiry, now: datetime) -> EmailMessage:
    """The mail of an enquiry, dated now."""
    return _mail(one.reply_to, one.address, one.subject, one.body, one.message, now)


def revealing(row: Mapping[str, str], organisation: Organisation, consent: Consent, now: datetime) -> EmailMessage:
    """The mail that names an earlier enquiry (a row of the ledger) as a test; it answers that enquiry's thread."""
    day = datetime.fromisoformat(row["planned_at"]).astimezone(BERLIN).strftime("%d.%m.%Y")
    told = {"subject": row["subject"], "day": day, **_told(organisation, consent)}
    subject, body = (texts()["reveal"][name].format(**told) for name in ("subject", "body"))
    id_, _, domain = row["message"].partition("@")
    mail = _mail(row["reply_to"], row["address"], subject, f"{body}\n", f"{id_}.2@{domain}", now)
    mail["In-Reply-To"] = mail["References"] = f"<{row['message']}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834, section 5: nobody is to answer this one
    return mail


def _mail(sender: str, to: str, subject: str, body: str, id_: str, now: datetime) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = Address(addr_spec=sender), Address(addr_spec=to)
    mail["Subject"] = subject
    mail["Date"] = now.astimezone(BERLIN)
    mail["Message-ID"] = f"<{id_}>"
    mail.set_content(body, cte="quoted-printable")
    return mail
