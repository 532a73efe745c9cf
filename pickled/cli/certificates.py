"""An authority of the house itself, and the broker's certificate by it, made by cryptography."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING

from pickled.errors import InstallError
from pickled.extras import remedy

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

AUTHORITY_DAYS, BROKER_DAYS = 3650, 800
"""Some systems trust no server's certificate that lasts longer than 825 days."""

SOON = timedelta(days=60)
_BACK = timedelta(days=1)
"""Valid since yesterday: a laptop's clock may be behind."""


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, PEM."""

    certificate: bytes
    key: bytes


def why_not() -> str:
    """What is missing to make any; empty if nothing is."""
    if find_spec("cryptography") is not None:
        return ""
    return f"a certificate needs the package cryptography: {remedy('server', 'tls')}"


def new_authority() -> Pair:
    """It vouches for the broker's certificate; its own key stays on this machine."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("pickled, the authority of this house")
    uses = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    built = (
        _builder(name, name, key, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(uses, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return _signed(built, key, key)


def new_certificate(names: Sequence[str], authority: Pair) -> Pair:
    """For these names and addresses of the broker; raises InstallError."""
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID

    try:
        by = x509.load_pem_x509_certificate(authority.certificate)
        signing = serialization.load_pem_private_key(authority.key, None)
    except ValueError as error:
        raise InstallError(f"the authority's files can't be read: {error}") from error
    if not isinstance(signing, ec.EllipticCurvePrivateKey):
        raise InstallError("the authority's key is not one that we made")
    key = ec.generate_private_key(ec.SECP256R1())
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    built = (
        _builder(_name(names[0]), by.subject, key, BROKER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([_alternative(each) for each in names]), critical=False
        )
        .add_extension(usage, critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()),
            critical=False,
        )
    )
    return _signed(built, key, signing)


def still_good(certificate: bytes, names: Sequence[str], now: datetime) -> bool:
    """Is it made for those names, and does it last for a while?"""
    from cryptography import x509

    try:
        made = x509.load_pem_x509_certificate(certificate)
        held = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound):
        return False
    return set(held) >= {_alternative(each) for each in names} and (
        made.not_valid_after_utc - now > SOON
    )


def _alternative(name: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _name(text: str) -> x509.Name:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    from cryptography import x509

    start = datetime.now(UTC) - _BACK
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
    )


def _signed(
    built: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey, by: ec.EllipticCurvePrivateKey
) -> Pair:
    from cryptography.hazmat.primitives import hashes, serialization

    return Pair(
        built.sign(by, hashes.SHA256()).public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
