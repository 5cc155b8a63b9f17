"""`viva review` under attack: what does not belong there is refused, what is too much is bounded, and the page is still there afterwards."""
import hashlib, shutil, socket, subprocess, time
from pathlib import Path
from common import VIVA, home, speech
from .kills import ANSWER

PATIENCE = 30


class Review:
    def __enter__(self):
        self.folder, self.environment = home()
        answer = speech(self.folder / "answer.wav", ANSWER)
        subprocess.run([VIVA, "practice", "--model", "demo", "--demonstration", "--question", "psc-unhappy-patient", "--from", answer], env=self.environment, check=True, capture_output=True)
        self.child = subprocess.Popen([VIVA, "review", "--no-browser"], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        address = self.child.stdout.readline().strip()
        self.host, self.token = address.removeprefix("http://").split("/")[:2]
        self.place = ("127.0.0.1", int(self.host.split(":")[1]))
        return self

    def __exit__(self, *_):
        self.child.terminate()
        self.child.wait()
        shutil.rmtree(self.folder)

    def ask(self, request, patience=PATIENCE):
        """Status of the answer; None where the connection was closed without one."""
        with socket.create_connection(self.place, patience) as connection:
            connection.settimeout(patience)
            connection.sendall(request)
            begin = connection.recv(64)
        return int(begin.split(b" ")[1]) if begin.startswith(b"HTTP/1.1 ") else None

    def get(self, path, host=None, more=""):
        return self.ask(f"GET {path} HTTP/1.1\r\nHost: {host or self.host}\r\nConnection: close\r\n{more}\r\n".encode())

    def page(self):
        return self.get(f"/{self.token}/")

    def memory(self):
        status = Path(f"/proc/{self.child.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1000

    def files(self):
        return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in (self.folder / "sessions").rglob("*") if path.is_file()}


def traversal(review):
    ways = ["../../../../etc/passwd", "..%2f..%2f..%2fetc/passwd", "/etc/passwd", "01/../../session.json", "session.json", "%2e%2e/session.json", "01/", "01", "..\\..\\etc\\passwd", "01/take-1.wav%00.html"]
    return all(review.get(f"/{review.token}/{way}") in (400, 404) for way in ways)


def foreign_host(review):
    names = ["viva.example", "127.0.0.1", "127.0.0.1:1", f"{review.host}.viva.example", "[::1]"]
    sites = ["http://viva.example", "null", "https://" + review.host]
    return all(review.get(f"/{review.token}/", host=name) == 403 for name in names) and all(review.get(f"/{review.token}/", more=f"Origin: {site}\r\n") == 403 for site in sites)


def no_token(review):
    return all(review.get(path) == 404 for path in ("/", "/index.html", "/" + "0" * 32 + "/", f"/{review.token[:31]}/", f"/{review.token}x/"))


def huge_body(review):
    before = review.memory()
    statuses = []
    for head in ("Content-Length: 10000000000", "Transfer-Encoding: chunked"):
        with socket.create_connection(review.place, PATIENCE) as connection:
            connection.settimeout(PATIENCE)
            connection.sendall(f"POST /{review.token}/ HTTP/1.1\r\nHost: {review.host}\r\n{head}\r\n\r\n".encode())
            try:
                for _ in range(2_000):
                    connection.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
            except OSError:
                pass
            try:
                statuses.append(int(connection.recv(64).split(b" ")[1]))
            except (OSError, IndexError):
                statuses.append(None)
    try:
        huge_head = review.ask(f"GET /{review.token}/ HTTP/1.1\r\nHost: {review.host}\r\nX: ".encode() + b"x" * 200_000 + b"\r\n\r\n")
    except OSError:
        huge_head = None  # closed in the middle of it
    return all(status in (405, None) for status in statuses) and huge_head in (431, 400, None) and review.memory() - before < 20


def slow_client(review):
    """As many as are served at once say nothing, or a letter a second: somebody with the address still gets the page."""
    slow = [socket.create_connection(review.place, PATIENCE) for _ in range(100)]
    for connection in slow[:50]:
        connection.sendall(b"GET ")
    served = review.page() == 200
    for connection in slow:
        connection.close()
    return served


def thousand_connections(review):
    before = review.memory()
    many = []
    for _ in range(1_000):
        try:
            connection = socket.socket()
            connection.setblocking(False)
            connection.connect_ex(review.place)
            many.append(connection)
        except OSError:
            break
    time.sleep(1)
    bounded = review.memory() - before < 20
    served = review.page() == 200
    for connection in many:
        connection.close()
    return bounded and served and len(many) == 1_000


ATTACKS = [traversal, foreign_host, no_token, huge_body, slow_client, thousand_connections]


def measure():
    with Review() as review:
        before = review.files()
        results = {attack.__name__: attack(review) for attack in ATTACKS}
        results["page_still_there"] = review.page() == 200
        results["session_unharmed"] = review.files() == before
        at = review.memory()
    print(f"\nThe review's server under attack ({at:.0f} MB afterwards)")
    for name, held in results.items():
        print(f"  {name.replace('_', ' '):<24}{'held' if held else 'NOT HELD'}")
    return [("server-attacks-not-held", sum(not held for held in results.values()), f"of {len(results)}", 0)]
