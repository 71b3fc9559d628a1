#!/usr/bin/env python3
"""kedge deploy to a real sshd on loopback: releases, gates, going back, and devices that fail in every way we can make them."""
import getpass
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

from check import DEMO, KEDGE, check, compiled, equal, finish, kedge

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Device:
    """A private sshd and the folder that plays its disk."""

    def __init__(self, folder, forced=None):
        self.folder, self.port, self.processes = folder, free_port(), []
        folder.mkdir(mode=0o700)
        for key in ("host_key", "user_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / key], check=True)
        shutil.copy(folder / "user_key.pub", folder / "authorized_keys")
        (folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {(folder / 'host_key.pub').read_text()}")
        if os.getuid() == 0:
            pathlib.Path("/run/sshd").mkdir(exist_ok=True)
        config = f"""Port {self.port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile {folder}/pid
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
""" + (f"ForceCommand {forced}\n" if forced else "")
        (folder / "sshd_config").write_text(config)
        self.process = subprocess.Popen([SSHD, "-D", "-f", folder / "sshd_config", "-E", folder / "sshd.log"])
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit("sshd did not start: " + (folder / "sshd.log").read_text())

    def logins(self):
        """How often somebody has logged in so far."""
        return (self.folder / "sshd.log").read_text().count("Accepted publickey")

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def config(self, artefact, root, device=None, **top):
        entry = {"name": "box", "host": "127.0.0.1", "port": self.port, "user": getpass.getuser(), "identity": str(self.folder / "user_key"), "known_hosts": str(self.folder / "known_hosts"), "root": str(root)}
        entry.update(device or {})
        document = {"name": "shapes", "artefact": str(artefact), "golden": {"input": str(DEMO / "test.npz"), "output": str(DEMO / "golden.npz"), "min_sqnr_db": 15}, "devices": [entry]}
        if "kedge" not in entry:
            document["kedge"] = str(KEDGE)
        document.update(top)
        path = self.folder / "deploy.json"
        path.write_text(json.dumps({k: v for k, v in document.items() if v is not None}))
        return path


def link(root, name):
    path = pathlib.Path(root) / name
    return os.path.basename(os.readlink(path)) if path.is_symlink() else None


def releases(root):
    return sorted(p.name for p in (pathlib.Path(root) / "releases").iterdir())


def way_there_and_back(device, root, plan, int8):
    log = device.folder / "restarts"
    hooks = {"restart": f"readlink {root}/current >> {log}", "health": f"ls {root}/current/*.plan"}
    p = kedge("deploy", device.config(plan, root, hooks), "--dry-run")
    check(p.returncode == 0 and "would upload float.plan as release 0001-" in p.stdout, f"dry run: {p.stdout}{p.stderr}")
    check(not root.exists(), "a dry run changes nothing")
    before = device.logins()
    p = kedge("deploy", device.config(plan, root, hooks))
    equal(p.returncode, 0, f"first deployment: {p.stderr}")
    equal(device.logins() - before, 1, "one login for the whole of a deployment")
    check("uploaded kedge" in p.stderr, f"the first deployment brings the binary: {p.stderr}")
    first = link(root, "current")
    check(first and first.startswith("0001-") and first in p.stdout, f"the first release is current: {p.stdout}")
    equal(link(root, "previous"), None, "there is no previous release yet")
    p = kedge("deploy", device.config(plan, root, hooks), "--rollback")
    check(p.returncode == 1 and "error[K1309]" in p.stderr and "device box" in p.stderr, f"nothing to roll back to: {p.stderr}")

    p = kedge("deploy", device.config(int8, root, hooks))
    equal(p.returncode, 0, f"second deployment: {p.stderr}")
    check("kedge is there already" in p.stderr and "uploaded int8.plan" in p.stderr, f"what the device has is not sent again: {p.stderr}")
    second = link(root, "current")
    check(second.startswith("0002-"), f"the second release is current: {second}")
    equal(link(root, "previous"), first, "the first release is the way back")
    equal(log.read_text().split(), [f"releases/{first}", f"releases/{second}"], "each deployment restarted with the new release")

    # Health fails after the switch: everything is as before, the way back included.
    bad = dict(hooks, health=f"! readlink {root}/current | grep -q 0003")
    p = kedge("deploy", device.config(plan, root, bad))
    check(p.returncode == 1 and "error[K1308]" in p.stderr and "device box" in p.stderr, f"unhealthy: {p.stderr}")
    check(f"{second} is current again and running" in p.stderr, f"it says what is current: {p.stderr}")
    equal((link(root, "current"), link(root, "previous")), (second, first), "the unhealthy release was taken back")
    equal(log.read_text().split()[-1], f"releases/{second}", "the old release was restarted")

    p = kedge("deploy", device.config(int8, root, hooks), "--rollback")
    equal(p.returncode, 0, f"rollback: {p.stderr}")
    equal((link(root, "current"), link(root, "previous")), (first, second), "the rollback swaps the two")
    p = kedge("deploy", device.config(int8, root, hooks), "--rollback")
    equal((p.returncode, link(root, "current")), (0, second), "a second rollback leads forward again")
    return first, second


def gates(device, root, plan, wrong):
    before = (link(root, "current"), link(root, "previous"), releases(root))
    same = lambda: (link(root, "current"), link(root, "previous"), releases(root)) == before
    p = kedge("deploy", device.config(plan, root, golden={"input": str(DEMO / "test.npz"), "output": str(wrong)}))
    check(p.returncode == 1 and "error[K1306]" in p.stderr and "device box" in p.stderr, f"golden vectors that differ: {p.stderr}")
    check("max abs" in p.stderr, "it shows how far the answers are apart")
    check(same(), "nothing was switched or left behind")
    p = kedge("deploy", device.config(plan, root, latency_p50_ms=1e-6))
    check(p.returncode == 1 and "error[K1307]" in p.stderr, f"the latency gate: {p.stderr}")
    check(same(), "nothing was switched or left behind by the latency gate")
    p = kedge("deploy", device.config(plan, root, {"kedge": "/nonexistent/kedge"}))
    check(p.returncode == 1 and "error[K1304]" in p.stderr, f"a device without kedge: {p.stderr}")
    check(same(), "nothing was switched without kedge there")


def unreachable(device, root, plan):
    before = (link(root, "current"), link(root, "previous"), releases(root))
    start = time.time()
    p = kedge("deploy", device.config(plan, root, {"port": free_port()}))
    check(p.returncode == 1 and "error[K1301]" in p.stderr and "device box (127.0.0.1:" in p.stderr and "nothing was changed" in p.stderr, f"a port where nobody listens: {p.stderr}")
    check(time.time() - start < 30, "it is told soon")
    other = device.folder / "other_key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other], check=True)
    p = kedge("deploy", device.config(plan, root, {"identity": str(other)}))
    check(p.returncode == 1 and "error[K1301]" in p.stderr and "ermission denied" in p.stderr, f"a key that is not accepted: {p.stderr}")
    strange = device.folder / "strange_hosts"
    strange.write_text(f"[127.0.0.1]:{device.port} {(device.folder / 'other_key.pub').read_text()}")
    p = kedge("deploy", device.config(plan, root, {"known_hosts": str(strange)}))
    check(p.returncode == 1 and "error[K1301]" in p.stderr, f"a device with another host key: {p.stderr}")
    equal((link(root, "current"), link(root, "previous"), releases(root)), before, "what is on the device after all that")
    p = kedge("deploy", device.config(plan, root), env={**os.environ, "PATH": "/nonexistent"})
    check(p.returncode == 1 and "error[K1302]" in p.stderr, f"no ssh on this machine: {p.stderr}")


def damaged_upload(folder, root, plan):
    """A device that loses the end of every upload: the release must not become current."""
    script = folder.parent / "lossy.sh"
    script.write_text('#!/bin/sh\ncase "$SSH_ORIGINAL_COMMAND" in\n"cat > "*) head -c 1000 | sh -c "$SSH_ORIGINAL_COMMAND" ;;\n*) sh -c "$SSH_ORIGINAL_COMMAND" ;;\nesac\n')
    script.chmod(0o755)
    device = Device(folder, forced=script)
    try:
        before = (link(root, "current"), releases(root))
        p = kedge("deploy", device.config(plan, root))
        check(p.returncode == 1 and "error[K1305]" in p.stderr and "device box" in p.stderr, f"a lossy device: {p.stderr}")
        equal((link(root, "current"), releases(root)), before, "what is on the lossy device")
    finally:
        device.stop()


def first_release_unhealthy(device, root, plan):
    p = kedge("deploy", device.config(plan, root, {"restart": "exit 3"}))
    check(p.returncode == 1 and "error[K1308]" in p.stderr and "exit code 3" in p.stderr and "nothing is current" in p.stderr, f"a first release that does not start: {p.stderr}")
    equal(link(root, "current"), None, "nothing is current after it")


def pruning(device, root, plan, int8):
    for i in range(4):
        equal(kedge("deploy", device.config([plan, int8][i % 2], root, keep=2)).returncode, 0, f"deployment {i}")
    equal([r[:4] for r in releases(root)], ["0003", "0004"], "two releases are kept")
    (root / "releases" / "0009-dead.partial").mkdir()
    equal(kedge("deploy", device.config(plan, root, keep=2)).returncode, 0, "a deployment after a broken one")
    check(not any(r.endswith(".partial") for r in releases(root)), "what a broken upload left is removed")
    equal(link(root, "current")[:4], "0005", "a broken upload takes no number")


def several_devices(device, base, plan):
    roots = [base / "a b", base / "it's"]  # names that a shell could trip over
    entries = [dict(json.loads(device.config(plan, root).read_text())["devices"][0], name=f"d{i}") for i, root in enumerate(roots)]
    config = device.config(plan, base, devices=entries)
    p = kedge("deploy", config, "--device", "d1")
    check(p.returncode == 0 and link(roots[1], "current") and not roots[0].exists(), f"only the named device: {p.stderr}")
    p = kedge("deploy", config)
    check(p.returncode == 0 and link(roots[0], "current") and link(roots[1], "current").startswith("0002"), f"all devices: {p.stderr}")
    p = kedge("deploy", config, "--device", "d2")
    check(p.returncode == 2 and "d0" in p.stderr, f"a device that is not in the file: {p.stderr}")


def main():
    with tempfile.TemporaryDirectory() as tmp:
        folder = pathlib.Path(tmp)
        plan = compiled(folder, "float.plan")
        int8 = compiled(folder, "int8.plan", "--quantize", "int8", "--calib", DEMO / "calib.npz")
        import numpy as np

        wrong = folder / "wrong.npz"
        np.savez(wrong, arr_0=np.load(DEMO / "golden.npz")["arr_0"][:, ::-1].copy())
        device = Device(folder / "ssh")
        try:
            root = folder / "app"
            way_there_and_back(device, root, plan, int8)
            gates(device, root, plan, wrong)
            unreachable(device, root, plan)
            damaged_upload(folder / "lossy", root, plan)
            first_release_unhealthy(device, folder / "fresh", plan)
            pruning(device, folder / "pruned", plan, int8)
            several_devices(device, folder / "many", plan)
        finally:
            device.stop()
    finish()


if __name__ == "__main__":
    main()
