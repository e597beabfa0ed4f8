# SPDX-License-Identifier: Apache-2.0
"""CBOR, COSE, OSCORE and EDHOC a second time, from the texts of the RFCs alone, over the package
"cryptography": what the command reads as test vectors is made by this, so that two readings of the
same texts meet. Slow, without checks, for tests only."""
import hashlib
import hmac

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, x25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM, ChaCha20Poly1305

HASHES = {-16: "sha256", -43: "sha384", -44: "sha512"}
# key, nonce, tag
AEADS = {1: (16, 12, 16), 2: (24, 12, 16), 3: (32, 12, 16), 10: (16, 13, 8), 11: (32, 13, 8), 12: (16, 7, 8),
         13: (32, 7, 8), 24: (32, 12, 16), 30: (16, 13, 16), 31: (32, 13, 16), 32: (16, 7, 16), 33: (32, 7, 16)}


def head(major, value):
    for more, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 24:
            return bytes([major << 5 | value])
        if value < 1 << 8 * size:
            return bytes([major << 5 | more]) + value.to_bytes(size, "big")
    raise ValueError(value)


class Raw(bytes):
    """Bytes that are CBOR already."""


class Tag:
    def __init__(self, number, value):
        self.number, self.value = number, value


def cbor(value):
    if isinstance(value, Raw):
        return bytes(value)
    if value is None:
        return b"\xf6"
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    if isinstance(value, dict):
        return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())
    return head(6, value.number) + cbor(value.value)


def aead(alg, key):
    if alg == 24:
        return ChaCha20Poly1305(key)
    return AESGCM(key) if alg < 10 else AESCCM(key, tag_length=AEADS[alg][2])


def seal(alg, key, nonce, aad, text):
    return aead(alg, key).encrypt(nonce, text, aad)


def xor_end(whole, end):
    return bytes(a ^ b for a, b in zip(whole, end.rjust(len(whole), b"\0")))


def extract(name, salt, secret):
    size = hashlib.new(name).digest_size
    return hmac.new(salt or bytes(size), secret, name).digest()


def expand(name, prk, info, length):
    out = block = b""
    while len(out) < length:
        block = hmac.new(prk, block + info + bytes([len(out) // len(prk) + 1]), name).digest()
        out += block
    return out[:length]


def raw_signature(der, size):
    r, s = decode_dss_signature(der)
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


# --- OSCORE (RFC 8613) ----------------------------------------------------------------------------

class Context:
    def __init__(self, secret, salt, sender, recipient, about=None, alg=10, hash_name="sha256"):
        prk = extract(hash_name, salt, secret)

        def derive(identity, what, length):
            return expand(hash_name, prk, cbor([identity, about, alg, what, length]), length)

        key, self.size, _ = AEADS[alg]
        self.alg, self.sender, self.recipient, self.about = alg, sender, recipient, about
        self.sender_key = derive(sender, "Key", key)
        self.recipient_key = derive(recipient, "Key", key)
        self.iv = derive(b"", "IV", self.size)

    def nonce(self, identity, piv):
        text = bytes([len(identity)]) + identity.rjust(self.size - 6, b"\0") + piv.rjust(5, b"\0")
        return bytes(a ^ b for a, b in zip(text, self.iv))


def piv_of(number):
    return number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")


def options_read(data):
    """(number, value) of all, and the payload."""
    found, number, at = [], 0, 0
    while at < len(data) and data[at] != 0xFF:
        parts = [data[at] >> 4, data[at] & 15]
        at += 1
        for i in (0, 1):
            if parts[i] == 13:
                parts[i], at = data[at] + 13, at + 1
            elif parts[i] == 14:
                parts[i], at = int.from_bytes(data[at:at + 2], "big") + 269, at + 2
        number += parts[0]
        found.append((number, data[at:at + parts[1]]))
        at += parts[1]
    return found, data[at + 1:]


def options_write(options, payload):
    out, last = b"", 0
    for number, value in sorted(options, key=lambda o: o[0]):
        first, more = 0, b""
        for shift, n in ((4, number - last), (0, len(value))):
            if n >= 269:
                first, more = first | 14 << shift, more + (n - 269).to_bytes(2, "big")
            elif n >= 13:
                first, more = first | 13 << shift, more + bytes([n - 13])
            else:
                first |= n << shift
        out += bytes([first]) + more + value
        last = number
    return out + (b"\xff" + payload if payload else b"")


def protect(context, plain, number, send_context=False, asked=None, own=False, first=False):
    """A request; with asked (kid, Partial IV) a response; first: a notification may go under the number of its
    request. Gives the message and its parts."""
    end = 4 + (plain[0] & 15)
    options, payload = options_read(plain[end:])
    outer = [o for o in options if o[0] in (3, 7, 16, 21, 39, 6)]
    inner = [(n, b"" if n == 6 and asked else v) for n, v in options if n not in (3, 7, 16, 21, 39)]
    notifies = any(n == 6 for n, _ in options)
    kid, piv = asked or (context.sender, piv_of(number))
    own = own or (asked is not None and notifies and not first)
    aad = cbor(["Encrypt0", b"", cbor([1, [context.alg], kid, piv, b""])])
    if asked is None:
        flags = 8 | len(piv) | (16 if send_context else 0)
        value = bytes([flags]) + piv + (bytes([len(context.about)]) + context.about if send_context else b"") + kid
        code, nonce = 5 if notifies else 2, context.nonce(kid, piv)
    elif own:
        value = bytes([len(piv_of(number))]) + piv_of(number)
        code, nonce = 0x45 if notifies else 0x44, context.nonce(context.sender, piv_of(number))
    else:
        value, code, nonce = b"", 0x45 if notifies else 0x44, context.nonce(kid, piv)
    text = plain[1:2] + options_write(inner, payload)
    sealed = seal(context.alg, context.sender_key, nonce, aad, text)
    message = plain[:1] + bytes([code]) + plain[2:end] + options_write(outer + [(9, value)], sealed)
    return message, {"aad": aad, "nonce": nonce, "oscore_option": value, "ciphertext": sealed}


# --- EDHOC (RFC 9528) -----------------------------------------------------------------------------

# EDHOC's AEAD and hash, bytes of a MAC, curve, application's AEAD and hash
SUITES = {0: (10, -16, 8, "X", "E", 10, -16), 1: (30, -16, 16, "X", "E", 10, -16),
          2: (10, -16, 8, "P", "P", 10, -16), 3: (30, -16, 16, "P", "P", 10, -16),
          4: (24, -16, 16, "X", "E", 24, -16), 5: (24, -16, 16, "P", "P", 24, -16),
          6: (1, -16, 16, "X", "P", 1, -16)}


def private(kind, secret):
    if kind == "X":
        return x25519.X25519PrivateKey.from_private_bytes(secret)
    if kind == "E":
        return ed25519.Ed25519PrivateKey.from_private_bytes(secret)
    return ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())


def public_x(kind, secret):
    key = private(kind, secret).public_key()
    if kind == "P":
        return key.public_numbers().x.to_bytes(32, "big")
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def agree(kind, secret, peer_secret):
    peer = private(kind, peer_secret).public_key()
    return private(kind, secret).exchange(ec.ECDH(), peer) if kind == "P" else private(kind, secret).exchange(peer)


def sign(kind, secret, text):
    key = private(kind, secret)
    return key.sign(text) if kind == "E" else raw_signature(key.sign(text, ec.ECDSA(hashes.SHA256())), 32)


def identifier(raw):
    """bstr_identifier: one byte that is a number in CBOR travels as that number."""
    return Raw(raw) if len(raw) == 1 and (raw[0] < 0x18 or 0x20 <= raw[0] < 0x38) else raw


def session(s):
    """s: method, suite, suites, X, Y, C_I, C_R, cred and id (bytes of CBOR) and secret of both sides, EAD_1
    to EAD_4 (bytes of CBOR). Gives what each of the messages is, and some values between."""
    alg, hash_alg, mac, kind, sign_kind, app_alg, app_hash = SUITES[s["suite"]]
    name, size = HASHES[hash_alg], hashlib.new(HASHES[hash_alg]).digest_size
    key_size, nonce_size, _ = AEADS[alg]
    out = {}

    def digest(*parts):
        return hashlib.new(name, b"".join(parts)).digest()

    def kdf(prk, label, context, length):
        return expand(name, prk, cbor(label) + cbor(context) + cbor(length), length)

    def prove(side, label, prk, context, th, static):
        length = mac if static else size
        made = kdf(prk, label, context, length)
        out[f"MAC_{2 if side == 'R' else 3}"] = made
        if static:
            return made
        protected = s["id_" + side]
        ead = s["EAD_2"] if side == "R" else s["EAD_3"]
        text = cbor(["Signature1", protected, th + s["cred_" + side] + ead, made])
        return sign(sign_kind, s["SK_" + side], text)

    def id_of(identity):
        """{4: kid} travels as its kid alone."""
        if identity[:2] == b"\xa1\x04":
            raw = identity[3:] if identity[2] >> 5 == 2 and identity[2] & 31 < 24 else None
            return cbor(identifier(raw))
        return identity

    static_r, static_i = s["method"] in (1, 3), s["method"] in (2, 3)
    gx, gy = public_x(kind, s["X"]), public_x(kind, s["Y"])
    message_1 = cbor(s["method"]) + s["suites"] + cbor(gx) + cbor(identifier(s["C_I"])) + s["EAD_1"]
    th_2 = digest(cbor(gy), cbor(digest(message_1)))
    prk_2e = extract(name, th_2, agree(kind, s["X"], s["Y"]))
    prk_3e2m = extract(name, kdf(prk_2e, 1, th_2, size), agree(kind, s["X"], s["SK_R"])) if static_r else prk_2e
    context_2 = cbor(identifier(s["C_R"])) + s["id_R"] + cbor(th_2) + s["cred_R"] + s["EAD_2"]
    proof_2 = prove("R", 2, prk_3e2m, context_2, cbor(th_2), static_r)
    plain_2 = cbor(identifier(s["C_R"])) + id_of(s["id_R"]) + cbor(proof_2) + s["EAD_2"]
    stream = kdf(prk_2e, 0, th_2, len(plain_2))
    message_2 = cbor(gy + bytes(a ^ b for a, b in zip(plain_2, stream)))
    th_3 = digest(cbor(th_2), plain_2, s["cred_R"])
    prk_4e3m = extract(name, kdf(prk_3e2m, 5, th_3, size), agree(kind, s["Y"], s["SK_I"])) if static_i else prk_3e2m
    context_3 = s["id_I"] + cbor(th_3) + s["cred_I"] + s["EAD_3"]
    proof_3 = prove("I", 6, prk_4e3m, context_3, cbor(th_3), static_i)
    plain_3 = id_of(s["id_I"]) + cbor(proof_3) + s["EAD_3"]
    aad = cbor(["Encrypt0", b"", th_3])
    message_3 = cbor(seal(alg, kdf(prk_3e2m, 3, th_3, key_size), kdf(prk_3e2m, 4, th_3, nonce_size), aad, plain_3))
    th_4 = digest(cbor(th_3), plain_3, s["cred_I"])
    aad = cbor(["Encrypt0", b"", th_4])
    message_4 = cbor(seal(alg, kdf(prk_4e3m, 8, th_4, key_size), kdf(prk_4e3m, 9, th_4, nonce_size), aad, s["EAD_4"]))
    prk_out = kdf(prk_4e3m, 7, th_4, size)
    exporter = kdf(prk_out, 10, b"", size)
    out.update(G_X=gx, G_Y=gy, message_1=message_1, message_2=message_2, message_3=message_3, message_4=message_4,
               TH_2=th_2, TH_3=th_3, TH_4=th_4, PRK_2e=prk_2e, PRK_3e2m=prk_3e2m, PRK_4e3m=prk_4e3m,
               PRK_out=prk_out, PRK_exporter=exporter, Signature_or_MAC_2=proof_2, Signature_or_MAC_3=proof_3,
               OSCORE_Master_Secret=kdf(exporter, 0, b"", AEADS[app_alg][0]),
               OSCORE_Master_Salt=kdf(exporter, 1, b"", 8))
    return out, app_alg, app_hash
