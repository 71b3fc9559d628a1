#!/usr/bin/env python3
"""kedge serve over real sockets: TensorFlow Serving's REST protocol as a client in another language sees it."""
import concurrent.futures
import http.client
import json
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time

import numpy as np
from check import DEMO, KEDGE, ROOT, check, compiled, equal, finish, kedge

BODY_LIMIT = 300000
ENDLESS = """
import keras
from keras import ops


class Scale(keras.layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(shape=(4,), name="scale")

    def call(self, x):
        (y,) = ops.while_loop(lambda y: ops.sum(y * y) >= 0, lambda y: (y * 0.5,), (x * self.scale,))
        return y
"""


class Server:
    def __init__(self, *models, threads=2):
        command = [str(KEDGE), "serve", "--http", "127.0.0.1:0", "--threads", str(threads), "--body-limit", str(BODY_LIMIT)]
        for name, path in models:
            command += ["--model", f"{name}={path}"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        if not found:
            self.process.kill()
            raise SystemExit(f"the server did not start: {line}{self.process.stderr.read()}")
        self.port = int(found.group(1))

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(self, method, path, body=None, connection=None):
        """(status, document)"""
        own = connection or self.connect()
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        own.request(method, path, body)
        answer = own.getresponse()
        text = answer.read().decode()
        if own is not connection:
            own.close()
        return answer.status, json.loads(text) if text else None

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)


def predictions(server, images, golden):
    rows = images.astype(float).tolist()
    status, document = server.ask("POST", "/v1/models/shapes:predict", {"instances": rows[:2]})
    equal(status, 200, "rows")
    check(np.allclose(document.get("predictions", []), golden[:2], atol=1e-4), f"rows answer as Keras does: {document}")
    status, document = server.ask("POST", "/v1/models/shapes:predict", {"instances": [{"image": rows[2]}]})
    equal(status, 200, "rows by name")
    check(np.allclose(document.get("predictions", []), golden[2:3], atol=1e-4), "rows by name answer as Keras does")
    status, document = server.ask("POST", "/v1/models/shapes/versions/1:predict", {"inputs": rows[:3]})
    equal(status, 200, "columns")
    check(np.allclose(document.get("outputs", []), golden[:3], atol=1e-4), "columns answer as Keras does")
    status, document = server.ask("POST", "/v1/models/shapes:predict", {"signature_name": "serving_default", "inputs": {"image": rows[:1]}})
    check(status == 200 and np.allclose(document["outputs"], golden[:1], atol=1e-4), "columns by name with a signature")


def documents(server):
    status, document = server.ask("GET", "/v1/models/shapes")
    equal(status, 200, "status")
    equal(document["model_version_status"][0]["state"], "AVAILABLE", "the model's state")
    status, document = server.ask("GET", "/v1/models/shapes/metadata")
    equal(status, 200, "metadata")
    signature = document["metadata"]["signature_def"]["signature_def"]["serving_default"]
    equal([d["size"] for d in signature["inputs"]["image"]["tensor_shape"]["dim"]], ["-1", "32", "32", "3"], "the input's shape")
    equal(signature["inputs"]["image"]["dtype"], "DT_FLOAT", "the input's type")
    equal(signature["method_name"], "tensorflow/serving/predict", "the method's name")
    status, document = server.ask("GET", "/v1/models/two/metadata")
    signature = document["metadata"]["signature_def"]["signature_def"]["serving_default"]
    equal({k: v["dtype"] for k, v in signature["inputs"].items()}, {"left": "DT_FLOAT", "right": "DT_INT32"}, "the types of two inputs")


def several_inputs(server):
    path = "/v1/models/two:predict"
    status, document = server.ask("POST", path, {"instances": [{"left": [1, 2], "right": [3, 4]}, {"left": [5, 6], "right": [7, 8]}]})
    equal(status, 200, "rows of two inputs")
    rows = [list(row.values()) for row in document.get("predictions", [])]
    equal(rows, [[[2.0, 4.0], [3, 4]], [[10.0, 12.0], [7, 8]]], "answers by output name")
    status, document = server.ask("POST", path, {"inputs": {"left": [[1, 2]], "right": [[3, 4]]}})
    equal(list(document.get("outputs", {}).values()), [[[2.0, 4.0]], [[3, 4]]], "columns of two inputs")
    for body, word in [
        ({"instances": [[1, 2]]}, "left"),
        ({"instances": [{"left": [1, 2]}]}, "right"),
        ({"inputs": {"left": [[1, 2]]}}, "right"),
        ({"inputs": {"left": [[1, 2]], "right": [[3, 4], [5, 6]]}}, "samples"),
        ({"inputs": {"left": [[1, 2]], "right": [[0.5, 4]]}}, "whole"),
        ({"inputs": {"left": [[1, 2]], "right": [[3000000000, 4]]}}, "3000000000"),
        ({"inputs": {"left": [[1, "2"]], "right": [[3, 4]]}}, "number"),
    ]:
        status, document = server.ask("POST", path, body)
        check(status == 400 and word in document["error"], f"{body} is refused and names {word}: {status} {document}")


def no_answer(server):
    """A loop that does not end within its bound: no numbers, and the server goes on."""
    status, document = server.ask("POST", "/v1/models/endless:predict", {"instances": [[1, 2, 3, 4]]})
    check(status == 500 and "did not end" in document["error"] and "predictions" not in document, f"a loop that was cut off: {status} {document}")
    equal(server.ask("GET", "/v1/models/endless")[0], 200, "the request after it")


def refusals(server, images):
    one = images[0].astype(float).tolist()
    deep = "[" * 5000 + "]" * 5000
    for method, path, body, status in [
        ("POST", "/v1/models/shapes:predict", "{not json", 400),
        ("POST", "/v1/models/shapes:predict", "", 400),
        ("POST", "/v1/models/shapes:predict", "[1, 2]", 400),
        ("POST", "/v1/models/shapes:predict", {}, 400),
        ("POST", "/v1/models/shapes:predict", {"instances": []}, 400),
        ("POST", "/v1/models/shapes:predict", {"instances": [one], "inputs": [one]}, 400),
        ("POST", "/v1/models/shapes:predict", {"instances": [one[:31]]}, 400),
        ("POST", "/v1/models/shapes:predict", {"instances": [one[:-1] + [one[0][:5]]]}, 400),
        ("POST", "/v1/models/shapes:predict", {"instances": [[["a"]]]}, 400),
        ("POST", "/v1/models/shapes:predict", {"instances": [one], "signature_name": "train"}, 400),
        ("POST", "/v1/models/shapes:predict", '{"instances": ' + deep + "}", 400),
        ("GET", "/v1/models/shapes:predict", None, 405),
        ("POST", "/v1/models/shapes", {}, 405),
        ("GET", "/v1/models/nothing", None, 404),
        ("GET", "/v1/models/shapes/versions/2", None, 404),
        ("POST", "/v1/models/shapes:classify", {}, 404),
        ("GET", "/", None, 404),
        ("GET", "/v1/models/../../etc/passwd", None, 404),
    ]:
        got, document = server.ask(method, path, body)
        check(got == status and isinstance((document or {}).get("error"), str), f"{method} {path} {str(body)[:60]}: {got} {document}, not {status}")


def limits(server):
    connection = server.connect()
    connection.request("POST", "/v1/models/shapes:predict", b" " * (BODY_LIMIT + 1))
    answer = connection.getresponse()
    equal(answer.status, 413, "a body above the limit")
    check("error" in json.loads(answer.read()), "the refusal has a body")
    connection.close()
    raw = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    raw.sendall(b"this is no HTTP\r\n\r\n")
    check(raw.recv(100).startswith(b"HTTP/1.1 400"), "bytes that are no HTTP get a 400")
    raw.close()
    raw = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    raw.sendall(b"GET /v1/models/shapes HTTP/1.1\r\nHost: x\r\n" + b"X-Long: " + b"a" * 100000 + b"\r\n\r\n")
    check(raw.recv(100).startswith((b"HTTP/1.1 431", b"HTTP/1.1 400")), "an endless header is refused")
    raw.close()
    raw = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    raw.sendall(b"POST /v1/models/shapes:predict HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n")
    check(raw.recv(100).startswith(b"HTTP/1.1 100"), "a client that waits for 100 Continue gets it")
    raw.sendall(b"{\"a\": 1}  ")
    check(b"HTTP/1.1 400" in raw.recv(1000), "and then its answer")
    raw.close()


def connections(server, images, golden):
    connection = server.connect()
    port = None
    for i in range(5):
        status, document = server.ask("POST", "/v1/models/shapes:predict", {"instances": images[i : i + 1].astype(float).tolist()}, connection)
        check(status == 200 and np.allclose(document["predictions"], golden[i : i + 1], atol=1e-4), f"request {i} of one connection")
        here = connection.sock.getsockname()[1] if connection.sock else None
        check(port in (None, here), "the connection was kept")
        port = here
    # An error does not end the connection either.
    equal(server.ask("POST", "/v1/models/shapes:predict", "{", connection)[0], 400, "an error on a kept connection")
    equal(server.ask("GET", "/v1/models/shapes", None, connection)[0], 200, "the request after the error")
    connection.close()

    def one(i):
        k = i % len(images)
        return k, server.ask("POST", "/v1/models/shapes:predict", {"instances": images[k : k + 1].astype(float).tolist()})

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        results = list(pool.map(one, range(48)))
    right = sum(status == 200 and np.allclose(document["predictions"], golden[k : k + 1], atol=1e-4) for k, (status, document) in results)
    equal(right, 48, "right answers to 48 requests from 8 threads")


def stopping(folder, images):
    server = Server(("shapes", folder / "float.plan"))
    idle = server.connect()
    idle.request("GET", "/v1/models/shapes")
    idle.getresponse().read()  # stays open
    body = json.dumps({"instances": images[:1].astype(float).tolist()}).encode()
    busy = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    head = f"POST /v1/models/shapes:predict HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    busy.sendall(head + body[:100])
    time.sleep(0.3)
    server.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    check(server.process.poll() is None, "the server waits for the request that has begun")
    busy.sendall(body[100:])
    check(busy.recv(20).startswith(b"HTTP/1.1 200"), "the request that had begun is answered")
    busy.close()
    start = time.time()
    equal(server.process.wait(timeout=20), 0, "exit code after SIGTERM")
    check(time.time() - start < 5, "it stops soon, although an idle connection is open")
    idle.close()


def starting(folder):
    p = kedge("serve", "--model", f"m={folder / 'nothing.plan'}")
    check(p.returncode == 1 and "K0003" in p.stderr, f"a model that is not there: {p.stderr}")
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    p = kedge("serve", "--model", f"m={folder / 'float.plan'}", "--http", f"127.0.0.1:{taken.getsockname()[1]}")
    check(p.returncode == 1 and "error[K1203]" in p.stderr and "argument --http" in p.stderr, f"a port that is taken: {p.stderr}")
    taken.close()
    for arguments in (["--model", "noequals"], [], ["--model", f"m={folder / 'float.plan'}", "--http", "nonsense"]):
        equal(kedge("serve", *arguments).returncode, 2, f"usage: serve {arguments[:3]}")


def main():
    images = np.load(DEMO / "test.npz")["image"]
    golden = np.load(DEMO / "golden.npz")["arr_0"]
    with tempfile.TemporaryDirectory() as tmp:
        folder = pathlib.Path(tmp)
        compiled(folder, "float.plan"), compiled(folder, "float.tflite")
        (folder / "endless.py").write_text(ENDLESS)
        p = kedge("compile", ROOT / "tests/data/scale.keras", "--custom", folder / "endless.py", "-o", folder / "endless.plan")
        equal(p.returncode, 0, f"the model whose loop does not end compiles: {p.stderr}")
        starting(folder)
        server = Server(("shapes", folder / "float.plan"), ("lite", folder / "float.tflite"), ("two", ROOT / "tests/data/two.keras"),
                        ("endless", folder / "endless.plan"))
        try:
            predictions(server, images, golden)
            status, document = server.ask("POST", "/v1/models/lite:predict", {"instances": images[:1].astype(float).tolist()})
            check(status == 200 and np.allclose(document["predictions"], golden[:1], atol=1e-4), "a .tflite file is served")
            documents(server)
            several_inputs(server)
            no_answer(server)
            refusals(server, images)
            limits(server)
            connections(server, images, golden)
        finally:
            code = server.stop()
        equal(code, 0, "exit code after SIGTERM")
        stopping(folder, images)
    finish()


if __name__ == "__main__":
    main()
