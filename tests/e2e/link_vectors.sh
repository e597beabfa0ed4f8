#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ombud link vectors: what passes, fails and is skipped is told and counted; files of test vectors
# beside the sources are run where they are.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
corpora=${OMBUD_CORPORA:-$OB_SOURCE_ROOT/../shared/corpora}/vectors

# RFC 8613, C.1.1: the keys of a client
cat >keys.json <<'END'
{"source": "RFC 8613", "vectors": [
 {"id": "c1", "kind": "key-derivation",
  "inputs": {"master_secret": "0102030405060708090a0b0c0d0e0f10", "master_salt": "9e7ca92223786340",
             "id_context": null, "aead_algorithm": 10, "hkdf_hash": "sha256",
             "sender_id": "", "recipient_id": "01"},
  "outputs": {"sender_key": "f0910ed7295e6ad4b54fc793154302ff"}}]}
END
run link vectors keys.json
is "a vector of the standard passes" [ "$status" = 0 ]
is "the last line counts" [ "$(tail -n 1 out)" = "1 passed, 0 failed, 0 skipped" ]
sed 's/f0910ed7/f0910ed8/' keys.json >wrong.json
run link vectors wrong.json
is "a wrong value fails" [ "$status" = 1 ]
is "it is told where it differs" grep -q '^FAIL c1: sender_key differs from byte 3 on' out
sed 's/"key-derivation"/"group-derivation"/' keys.json >group.json
run link vectors group.json keys.json
is "what is skipped is told with its reason" grep -q '^skip c1: Group OSCORE' out
is "several files are counted together" [ "$(tail -n 1 out)" = "1 passed, 0 failed, 1 skipped" ]
sed 's/"01"/"0g"/' keys.json >digits.json
run link vectors digits.json
is "digits that are none fail" grep -q '^FAIL c1: hexadecimal' out
# A token with claims as names, numbers and bytes, under HMAC 256/256.
cat >token.json <<'END'
{"vectors": [{"id": "token", "kind": "CWT", "expect": "accept", 
 "cbor": "d83dd18443a10105a052a301656f6d627564041a713fb30007420b715820625066814a80e03a8194a1a724d53b8c9bc11eed5376ca1e0044b628325237b5", 
 "key": "3031323334353637383961626364656630313233343536373839616263646566", 
 "claims": {"iss": "ombud", "4": 1900000000, "cti": "0b71"}}]}
END
run link vectors token.json
is "a token is verified with its claims" [ "$status" = 0 ]
sed 's/"cti": "0b71"/"cti": "0b72"/' token.json >claim.json
run link vectors claim.json
is "another claim fails" grep -q '^FAIL token: claim cti is not as it is listed' out
sed 's/"iss"/"\\u001b[2J"/' token.json >escape.json
run link vectors escape.json
is "a foreign name is shown, and does nothing" sh -c "[ $status = 1 ] && grep -q 'not known: ' out && ! grep -q \"$(printf '\033')\" out"
echo '{"vectors": [{"id": "e1", "expect": "reject", "field": "PLAINTEXT_2", "hex": ""}]}' >nothing.json
run link vectors nothing.json
is "a plaintext of no byte is refused" sh -c "[ $status = 0 ] && [ ! -s err ]"
echo '{"vectors": [' >broken.json
run link vectors broken.json
is "a broken file has status 2" [ "$status" = 2 ]
is "and one line with its place" [ "$(grep -c 'broken.json: byte' err)" = "$(wc -l <err)" ]
echo '{}' >empty.json
run link vectors empty.json
is "a file without vectors is refused" [ "$status" = 2 ]
run link vectors
is "no file is wrong usage" [ "$status" = 2 ]

for set in oscore-rfc8613-appendix-c oscore-generated oscore-negative edhoc-rfc9529-trace2-static-dh \
    edhoc-rfc9529-invalid edhoc-generated edhoc-negative-example cose-wg-examples cose-flat-example; do
    if [ -f "$corpora/$set.json" ]; then
        run link vectors "$corpora/$set.json"
        is "$set: $(tail -n 1 out)" [ "$status" = 0 ]
    else
        ok "$set # SKIP no test vectors beside the sources"
    fi
done
finish
