"""The repository's own nginx configuration in front of the application: who calls, how often."""

import http.client
import os
import re
import shutil
import ssl
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import pytest

from audit.models import AuditEvent
from embedded.processes import wait_until
from tests.factories.agencies import PASSWORD, UserFactory
from tests.servers import url_of_test_database
from tests.site import ROOT, free_port, web_server

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
STRANGER, OFFICE = "127.0.0.66", "127.0.0.9"  # all of 127.0.0.0/8 is this machine
NAMES = ["-addext", "subjectAltName=IP:127.0.0.1"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.any_server,
    pytest.mark.skipif(not NGINX and os.environ.get("CI") != "true", reason="needs nginx-light"),
]


def certificate(folder):
    """A key and a certificate that signs itself, in the files of the configuration."""
    options = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", folder / "kaifu-carbon.key", "-out", folder / "kaifu-carbon.pem"]
    subprocess.run(
        ["openssl", "req", *options, "-subj", "/CN=proxy", *NAMES, *files],
        check=True,
        capture_output=True,
    )


def configuration(folder, application, port):
    """deploy/nginx.conf with the places of this machine, inside the http block of an nginx.conf."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for theirs, here in {
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "/etc/ssl/": f"{folder}/",
        "http://127.0.0.1:8000": application,
        "/srv/kaifu-carbon": str(ROOT),
    }.items():
        assert theirs in text, theirs
        text = text.replace(theirs, here)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    user = "user root;\n" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(
        f"{user}pid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{text}}}\n",
        encoding="utf-8",
    )
    return file


@pytest.fixture
def proxy(tmp_path):
    """Port and certificate of an nginx before the application on the database of this test."""
    certificate(tmp_path)
    port = free_port()
    place = port, tmp_path / "kaifu-carbon.pem"
    environment = os.environ | {
        "DATABASE_URL": url_of_test_database(),
        "KAIFU_HTTPS": "1",
        "KAIFU_PROXY_COUNT": "1",
    }
    with web_server(environment) as (application, _):
        file = configuration(tmp_path, application, port)
        running = subprocess.Popen([NGINX, "-c", file, "-e", "stderr", "-g", "daemon off;"])
        try:
            assert wait_until(lambda: answers(place), seconds=20)
            yield place
        finally:
            running.terminate()
            running.wait(10)


def answers(place):
    try:
        return Browser(place, OFFICE).ask("GET", "/login/").status == 200
    except OSError:
        return False


class Browser:
    """Calls from an address of its own, keeps its cookies, and writes a false address along."""

    def __init__(self, proxy, address):
        self.proxy, self.address, self.cookies = proxy, address, {}

    def ask(self, method, path, body=None):
        port, pem = self.proxy
        connection = http.client.HTTPSConnection(
            "127.0.0.1",
            port,
            source_address=(self.address, 0),
            context=ssl.create_default_context(cafile=pem),
        )
        headers = {
            "Host": "localhost",
            "Referer": "https://localhost/login/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-Forwarded-For": "10.1.1.1",
            "X-Forwarded-Proto": "http",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, value = re.match(r"([^=]+)=([^;]*)", line).groups()
            self.cookies[name] = value
        connection.close()
        return answer

    def sign_in(self, password, username="ld"):
        page = self.ask("GET", "/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        typed = {"csrfmiddlewaretoken": token, "username": username, "password": password}
        return self.ask("POST", "/login/", urlencode(typed))


def test_five_wrong_passwords_from_one_address_do_not_touch_the_right_one_from_another(proxy):
    UserFactory(username="ld", name="孙领导")
    stranger, office = Browser(proxy, STRANGER), Browser(proxy, OFFICE)
    assert [stranger.sign_in("wrong").status for _ in range(5)] == [200, 200, 200, 200, 429]
    assert stranger.sign_in(PASSWORD).status == 429
    answer = office.sign_in(PASSWORD)
    assert (answer.status, answer.headers["Location"]) == (302, "/")
    cookies = answer.headers.get_all("Set-Cookie")
    device = next(line for line in cookies if line.startswith("device_"))
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(device.split("; "))
    addresses = AuditEvent.objects.values_list("action", "address").distinct()
    assert set(addresses.order_by()) >= {("登录失败", STRANGER), ("登录", OFFICE)}
    assert not AuditEvent.objects.filter(address__in=["127.0.0.1", "10.1.1.1"]).exists()


def test_too_many_tries_in_a_minute_are_answered_by_the_proxy_in_words(proxy):
    stranger, office = Browser(proxy, STRANGER), Browser(proxy, OFFICE)
    answered = []
    while (answer := stranger.ask("POST", "/session/")).status != 429:
        answered.append(answer.status)
        assert len(answered) < 300
    assert answered == [403] * len(answered)  # no token
    assert len(answered) >= 60
    assert "请稍等一分钟" in answer.text
    assert stranger.ask("GET", "/login/").status == 200
    assert office.ask("POST", "/login/").status == 403


def test_the_page_of_the_proxy_asks_nothing_of_others():
    page = (Path(ROOT) / "deploy" / "429.html").read_text(encoding="utf-8")
    assert not re.search(r"https?://|src=|url\(", page)
