# Reads a body with http_ece, and a signed token with py_vapid: message, audience and contact, a line each.
import json
import sys

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from py_vapid.utils import b64urldecode

body, secret, auth, token, key = sys.argv[1:]
private = ec.derive_private_key(int(secret, 16), ec.SECP256R1())
message = http_ece.decrypt(bytes.fromhex(body), private_key=private, auth_secret=bytes.fromhex(auth), version="aes128gcm")
vapid = Vapid02.from_raw_public(key.encode())
head, claims, signature = token.split(".")
if not vapid.verify_token(f"{head}.{claims}".encode(), signature):
    raise SystemExit("the signature is not by this key")
claims = json.loads(b64urldecode(claims.encode()))
print(message.decode(), claims["aud"], claims["sub"], sep="\n")
