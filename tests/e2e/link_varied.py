#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Test vectors that nobody has seen: made by a second implementation (tests/peer/link_model.py) from random
values, all algorithms, lengths at the edges, all methods and suites, each also with something changed
that must be noticed. "ombud link vectors" passes all of them. TAP; a seed may be given by OB_SEED."""
import datetime
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile

OMBUD = sys.argv[1]
sys.path.insert(0, os.path.join(os.environ["OB_SOURCE_ROOT"], "tests", "peer"))
try:
    import link_model as m
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, ed448
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
except ImportError:
    print("1..0 # SKIP there is no python3-cryptography here")
    sys.exit(0)

seed = int(os.environ.get("OB_SEED", random.randrange(1 << 32)))
rng = random.Random(seed)
number = 0
failed = False


def hexed(values):
    return {k: v.hex() if isinstance(v, bytes) else v for k, v in values.items()}


def check(what, vectors, **more):
    """All must pass."""
    global number, failed
    with open("v.json", "w") as out:
        json.dump({"vectors": vectors, **more}, out)
    done = subprocess.run([OMBUD, "link", "vectors", "v.json"], capture_output=True, text=True)
    wanted = f"{len(vectors)} passed, 0 failed, 0 skipped"
    good = done.returncode == 0 and done.stdout.splitlines()[-1:] == [wanted]
    number += 1
    print(("ok" if good else "not ok") + f" {number} - {what}: {len(vectors)} entries (seed {seed})")
    if not good:
        failed = True
        print("\n".join("# " + line for line in (done.stdout + done.stderr).splitlines()[-20:]))


def coap(code, options, payload, token=None):
    token = rng.randbytes(rng.choice([0, 1, 2, 8])) if token is None else token
    return bytes([0x40 | len(token), code]) + rng.randbytes(2) + token + m.options_write(options, payload)


def some_options(request):
    picked = {}
    for number, lengths in ((1, [0, 8]), (3, [1, 12, 40]), (4, [1, 8]), (7, [2]), (11, [1, 13, 255]), (12, [0, 1, 2]),
                            (14, [4]), (15, [3, 14]), (17, [1]), (23, [1]), (27, [1, 3]), (60, [2]), (252, [1, 40]),
                            (258, [1]), (292, [8]), (2049, [3, 269]), (65000, [0, 300])):
        if rng.random() < 0.3 and (request or number not in (3, 7)):
            picked[number] = rng.randbytes(rng.choice(lengths))
    picked.pop(258, None)
    if rng.random() < 0.25:
        picked[6] = b"" if request else rng.randbytes(rng.choice([1, 2, 3]))
    return list(picked.items())


def parameters(alg):
    most = min(7, m.AEADS[alg][1] - 6)
    a = rng.randbytes(rng.randint(0, most))
    b = a
    while b == a:
        b = rng.randbytes(rng.randint(0, most))
    return {"master_secret": rng.randbytes(rng.choice([16, 17, 32, 64])), "master_salt": rng.randbytes(rng.choice([0, 8, 64])),
            "id_context": rng.choice([None, b"", rng.randbytes(8), rng.randbytes(64)]), "aead_algorithm": alg,
            "hkdf_hash": rng.choice(["sha256", "sha384", "sha512"]), "sender_id": a, "recipient_id": b}


def context_of(p):
    return m.Context(p["master_secret"], p["master_salt"], p["sender_id"], p["recipient_id"], p["id_context"],
                     p["aead_algorithm"], p["hkdf_hash"])


def oscore():
    keys, messages = [], []
    numbers = [0, 1, 255, 256, 65535, 1 << 24, (1 << 32) - 1, 1 << 32, (1 << 40) - 1]
    for alg in m.AEADS:
        for i in range(6):
            p = parameters(alg)
            c = context_of(p)
            keys.append({"id": f"k-{alg}-{i}", "kind": "key-derivation", "inputs": hexed(p), "outputs": hexed(
                {"sender_key": c.sender_key, "recipient_key": c.recipient_key, "common_iv": c.iv,
                 "sender_nonce_piv0": c.nonce(c.sender, b"\0"), "recipient_nonce_piv0": c.nonce(c.recipient, b"\0")})})
            n, response = rng.choice(numbers), i % 2 == 1
            payload = rng.randbytes(rng.choice([0, 0, 1, 15, 16, 17, 900]))
            inputs = dict(p, sender_sequence_number=n)
            if response:
                kid, piv, own = p["recipient_id"], m.piv_of(rng.choice(numbers)), rng.random() < 0.5
                plain = coap(rng.choice([0x45, 0x44, 0x84, 0xA0]), some_options(False), payload)
                if any(o == 6 for o, _ in m.options_read(plain[4 + (plain[0] & 15):])[0]):
                    plain = plain[:1] + b"\x45" + plain[2:]
                made, parts = m.protect(c, plain, n, asked=(kid, piv), own=own, first=rng.random() < 0.5)
                inputs.update(request_kid=kid, request_piv=piv, new_partial_iv=own)
            else:
                with_context = p["id_context"] is not None and rng.random() < 0.5
                plain = coap(rng.randint(1, 7), some_options(True), payload)
                made, parts = m.protect(c, plain, n, send_context=with_context)
                inputs.update(send_kid_context=with_context)
            messages.append({"id": f"m-{alg}-{i}", "kind": "response" if response else "request",
                             "inputs": hexed(dict(inputs, unprotected=plain)),
                             "outputs": hexed(dict(parts, protected=made))})
    check("OSCORE, keys", keys)
    check("OSCORE, messages", messages)


def arrivals():
    for alg in m.AEADS:
        p = parameters(alg)
        p["id_context"] = None
        c = context_of(p)
        made, parts = m.protect(c, coap(1, [(11, b"t")], rng.randbytes(20), token=b"\x01"), 5)
        rows = [{"id": "as it is", "message": made.hex(), "expect": "accept"}]
        at = len(made) - len(parts["ciphertext"])
        for i in range(at, len(made)):
            rows.append({"id": f"byte {i}", "expect": "reject", "error_codes": ["4.00"],
                         "message": (made[:i] + bytes([made[i] ^ 1 << rng.randrange(8)]) + made[i + 1:]).hex()})
        for cut in range(1, len(made)):
            rows.append({"id": f"{cut} bytes", "message": made[:cut].hex(), "expect": "reject"})
        value = parts["oscore_option"]
        for i in range(len(value)):
            other = bytearray(value)
            other[i] ^= 1 << rng.randrange(8)
            rows.append({"id": f"option {other.hex()}", "expect": "reject",
                         "message": (made[:5] + m.options_write([(9, bytes(other))], parts["ciphertext"])).hex()})
        context = hexed({"master_secret": p["master_secret"], "master_salt": p["master_salt"], "aead_algorithm": alg,
                         "hkdf_hash": p["hkdf_hash"], "server_sender_id": p["recipient_id"],
                         "server_recipient_id": p["sender_id"]})
        check(f"OSCORE, damaged messages, algorithm {alg}", rows, context=context)


def ccs(kind, secret, kid):
    key = {1: 2 if kind == "P" else 1, 2: kid, -1: {"P": 1, "X": 4, "E": 6}[kind], -2: m.public_x(kind, secret)}
    if kind == "P":
        key[-3] = m.private("P", secret).public_key().public_numbers().y.to_bytes(32, "big")
    claims = {2: rng.choice(["a", "42-50-31-FF-EF-37-32-39"]), 8: {1: key}}
    return m.cbor(claims), m.cbor({4: kid})


def certificate(kind, secret):
    """By its hash, by itself, or with another one behind it."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.SERIAL_NUMBER, f"n{rng.randrange(1000)}")])
    day = datetime.datetime(2026, 1, 1)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(rng.randrange(1, 1 << 60))
            .not_valid_before(day).not_valid_after(day + datetime.timedelta(days=4000))
            .public_key(m.private(kind, secret).public_key())
            .sign(ed25519.Ed25519PrivateKey.generate(), None).public_bytes(Encoding.DER))
    how = rng.choice(["x5t", "x5chain", "chain of two"])
    if how == "x5t":
        return m.cbor(made), m.cbor({34: [-15, hashlib.sha256(made).digest()[:8]]})
    return m.cbor(made), m.cbor({33: made if how == "x5chain" else [made, rng.randbytes(300)]})


def one_session(method, suite):
    _, _, _, kind, sign_kind, _, _ = m.SUITES[suite]
    s = {"method": method, "suite": suite, "X": rng.randbytes(31).rjust(32, b"\1"),
         "Y": rng.randbytes(31).rjust(32, b"\1")}
    before = rng.sample([n for n in range(7) if n != suite], rng.choice([0, 0, 1, 3]))
    s["suites"] = m.cbor(before + [suite]) if before else m.cbor(suite)
    for side in "IR":
        static = method in ((2, 3) if side == "I" else (1, 3))
        s["SK_" + side] = rng.randbytes(31).rjust(32, b"\1")
        own = kind if static else sign_kind
        kid = rng.choice([rng.randbytes(1), rng.randbytes(rng.randint(2, 8)), b"\x2b", b"\x18", b""])
        s["cred_" + side], s["id_" + side] = (
            ccs(own, s["SK_" + side], kid) if rng.random() < 0.5 else certificate(own, s["SK_" + side]))
    most = 7 if suite < 4 else 6  # of the nonce of the application's AEAD
    s["C_I"] = rng.choice([b"", rng.randbytes(1), b"\x37", b"\x38", rng.randbytes(rng.randint(2, most))])
    s["C_R"] = s["C_I"]
    while s["C_R"] == s["C_I"]:
        s["C_R"] = rng.choice([b"", rng.randbytes(1), rng.randbytes(rng.randint(2, most))])
    for i in range(1, 5):
        s[f"EAD_{i}"] = rng.choice([b"", b"", m.cbor(rng.randint(0, 70000)),
                                    m.cbor(-5) + m.cbor(rng.randbytes(rng.choice([0, 3, 200])))])
    made, app_alg, app_hash = m.session(s)
    names = {"cipher_suite": suite, "method": method, "SUITES_I": s["suites"], "C_I_raw": s["C_I"],
             "C_R_raw": s["C_R"], "ID_CRED_R": s["id_R"], "ID_CRED_I": s["id_I"], "CRED_R": s["cred_R"],
             "CRED_I": s["cred_I"]}
    names.update({k: s[k] for k in ("X", "Y", "SK_R", "SK_I", "EAD_1", "EAD_2", "EAD_3", "EAD_4")})
    return {"id": f"m{method}-s{suite}", "kind": "edhoc-session", "inputs": hexed(names), "outputs": hexed(made),
            "signatures_deterministic": sign_kind != "P" or method == 3,
            "oscore": {"client_sender_id": s["C_R"].hex(), "server_sender_id": s["C_I"].hex(),
                       "aead_algorithm": app_alg, "hash_algorithm": app_hash}}


def edhoc():
    sessions = [one_session(method, suite) for suite in m.SUITES for method in range(4)]
    check("EDHOC, all methods and suites", sessions)
    rows = list(sessions)
    for s in sessions:
        for n in (1, 2, 3, 4):
            right = bytes.fromhex(s["outputs"][f"message_{n}"])
            rows.append({"id": f"{s['id']} {n}", "session": s["id"], "field": f"message_{n}", "hex": right.hex(),
                         "expect": "accept"})
            # A message 1 that is another one is noticed later, by both.
            for wrong in [right[:rng.randrange(len(right))] if n > 1 else right[:rng.randrange(36)], right + b"\x41"] + [
                    right[:at] + bytes([right[at] ^ 1 << rng.randrange(8)]) + right[at + 1:]
                    for at in (rng.randrange(len(right)) for _ in range(6 if n > 1 else 0))]:
                rows.append({"id": f"{s['id']} {n} {wrong.hex()[:20]}", "session": s["id"], "field": f"message_{n}",
                             "hex": wrong.hex(), "expect": "reject"})
    check("EDHOC, messages that are changed", rows)


def changed(entry, key="cbor"):
    data = bytearray.fromhex(entry[key])
    data[-1 - rng.randrange(8)] ^= 1 << rng.randrange(8)
    return dict(entry, id=entry["id"] + " changed", expect="reject", **{key: data.hex()})


def cose():
    rows = []
    lengths = [0, 1, 23, 24, 255, 256, 3000, 7000]
    for size in lengths:
        for aad_size in (0, 1, 300, 5000):
            external, text = rng.randbytes(aad_size), rng.randbytes(size)
            alg = rng.choice(list(m.AEADS))
            key_size, nonce_size, _ = m.AEADS[alg]
            key, iv = rng.randbytes(key_size), rng.randbytes(nonce_size)
            protected = m.cbor({1: alg}) if rng.random() < 0.8 else b""
            nonce = {5: iv}
            base = iv
            if rng.random() < 0.3:  # only the end of it is sent
                end = rng.randbytes(rng.randint(1, 5))
                nonce, base = {6: end}, m.xor_end(iv, end)
            if protected and rng.random() < 0.3:
                protected = m.cbor({1: alg, 2: [1, rng.choice([4, 5, 6])]})
            other = {4: rng.randbytes(3), **nonce} if protected else {1: alg, **nonce}
            sealed = m.seal(alg, key, iv, m.cbor(["Encrypt0", protected, external]), text)
            rows.append({"id": f"encrypt0 {alg} {size} {aad_size}", "kind": "COSE_Encrypt0", "expect": "accept", "key": key.hex(),
                         "base_iv": base.hex(), "external_aad": external.hex(), "plaintext": text.hex(),
                         "cbor": m.cbor(m.Tag(16, [protected, other, sealed])).hex()})
            alg = rng.choice([4, 5, 6, 7])
            name, cut = {4: ("sha256", 8), 5: ("sha256", 32), 6: ("sha384", 48), 7: ("sha512", 64)}[alg]
            key, protected = rng.randbytes(rng.choice([16, 32, 64, 200])), m.cbor({1: alg})
            tag = m.hmac.new(key, m.cbor(["MAC0", protected, external, text]), name).digest()[:cut]
            detached = rng.random() < 0.3
            rows.append({"id": f"mac0 {alg} {size} {aad_size}", "kind": "COSE_Mac0", "expect": "accept", "key": key.hex(),
                         "external_aad": external.hex(), "payload": text.hex(), "detached_payload": detached,
                         "cbor": m.cbor(m.Tag(17, [protected, {}, None if detached else text, tag])).hex()})
            rows.append(sign1(f"sign1 {size} {aad_size}", external, text))
    for claims in ({1: "coap://as.example.com", 3: "coap://light.example.com", 4: 1444064944}, {7: b"\x0b\x71"}, {}):
        row = sign1("cwt", b"", m.cbor(claims))
        named = {{1: "iss", 3: "aud", 4: "exp", 7: "cti"}[k]: v.hex() if isinstance(v, bytes) else v for k, v in claims.items()}
        rows.append(dict(row, kind="CWT", claims=named, cbor="d83d" + row["cbor"]))
    check("COSE", rows)
    check("COSE, headers that cannot be", refused())
    check("COSE, changed", [changed(row) for row in rows if row["kind"] != "CWT"])


def refused():
    """Of COSE_Encrypt0: headers that make a message malformed, though its tag is right."""
    rows = []
    for title, protected, other in (
            ("a label twice", {1: 10}, {1: 10}), ("an IV of both kinds", {1: 10}, {6: b"\1"}),
            ("a critical label that nobody knows", {1: 10, 2: [77]}, {}), ("a critical name", {1: 10, 2: ["x"]}, {}),
            ("nothing critical", {1: 10, 2: []}, {}), ("critical, not protected", {1: 10}, {2: [1]}),
            ("no algorithm", {}, {}), ("an algorithm that is text", {1: "A"}, {})):
        head, iv, key = m.cbor(protected), rng.randbytes(13), rng.randbytes(16)
        sealed = m.seal(10, key, iv, m.cbor(["Encrypt0", head, b""]), b"text")
        rows.append({"id": title, "kind": "COSE_Encrypt0", "expect": "reject", "key": key.hex(), "base_iv": iv.hex(),
                     "plaintext": b"text".hex(), "cbor": m.cbor(m.Tag(16, [head, {5: iv, **other}, sealed])).hex()})
    return rows


def sign1(title, external, text):
    kind = rng.choice(["P-256", "P-384", "P-521", "Ed25519", "Ed448"])
    detached = rng.random() < 0.3
    alg = {"P-256": -7, "P-384": -35, "P-521": -36}.get(kind, -8)
    protected = m.cbor({1: alg})
    signed = m.cbor(["Signature1", protected, external, text])
    if alg == -8:
        key = (ed25519.Ed25519PrivateKey if kind == "Ed25519" else ed448.Ed448PrivateKey).generate()
        proof = key.sign(signed)
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    else:
        curve, hash_of, size = {"P-256": (ec.SECP256R1(), hashes.SHA256(), 32), "P-384": (ec.SECP384R1(), hashes.SHA384(), 48),
                                "P-521": (ec.SECP521R1(), hashes.SHA512(), 66)}[kind]
        key = ec.generate_private_key(curve)
        proof = m.raw_signature(key.sign(signed, ec.ECDSA(hash_of)), size)
        shape = rng.choice([PublicFormat.UncompressedPoint, PublicFormat.CompressedPoint])
        public = key.public_key().public_bytes(Encoding.X962, shape)
    return {"id": f"{title} {kind}", "kind": "COSE_Sign1", "expect": "accept", "external_aad": external.hex(), "curve": kind,
            "payload": text.hex(), "detached_payload": detached, "public_key": public.hex(),
            "cbor": m.cbor(m.Tag(18, [protected, {4: b"x"}, None if detached else text, proof])).hex()}


def replay():
    """A window of 32, as RFC 8613, 7.4 has it, beside a plain model of it."""
    sequences = []
    for i in range(20):
        seen, top, pivs, accept = set(), -1, [], []
        for _ in range(60):
            n = max(0, min((1 << 40) - 1, (top if top >= 0 else 0) + rng.choice([1, 1, 0, -1, -31, -32, -33, 2, 40, -5])))
            damaged = rng.random() < 0.1
            good = not damaged and n not in seen and n > top - 32
            if good:
                seen.add(n)
                top = max(top, n)
            pivs.append(f"{n}!" if damaged else n)
            accept.append(int(good))
        sequences.append({"id": str(i), "piv": pivs, "accept": accept})
    global number, failed
    with open("r.json", "w") as out:
        json.dump({"replay": {"window_size": 32, "sequences": sequences}}, out)
    done = subprocess.run([OMBUD, "link", "vectors", "r.json"], capture_output=True, text=True)
    number += 1
    good = done.stdout.splitlines()[-1:] == ["20 passed, 0 failed, 0 skipped"]
    print(("ok" if good else "not ok") + f" {number} - the replay window (seed {seed})")
    if not good:
        failed = True
        print("\n".join("# " + line for line in done.stdout.splitlines()[-20:]))


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    oscore()
    arrivals()
    edhoc()
    cose()
    replay()
    os.chdir("/")
print(f"1..{number}")
sys.exit(failed)
