#!/usr/bin/env python3
"""Looks at a page in headless Chromium, and prints as JSON what it saw.

usage: look.py FILE [--width N] [--dark] [--png FILE [--top SELECTOR] [--height N]] [--pdf FILE]

The answer has `title`, `text`, `requests` (addresses besides the page's own), `messages` (of the console and of the content
security policy), `page_width` and `view_width` (in CSS pixels), `lowest_contrast` (of any text with what is behind it), and
`unread` (text that is cut off or has no size). Speaks the DevTools protocol over two pipes, so it needs no library.
"""
import argparse, base64, json, os, shutil, subprocess, sys, tempfile
from pathlib import Path

CHROMIUM = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--mute-audio",
            "--disable-background-networking", "--disable-extensions", "--disable-sync", "--remote-debugging-pipe"]

# The lowest ratio by WCAG 2: large text needs 3, so its ratio counts as one and a half times as high.
LOOK = r"""
(() => {
  const parse = color => (color.match(/[\d.]+/g) || []).map(Number);
  const light = color => {
    const [r, g, b] = color.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = element => {
    for (; element; element = element.parentElement) {
      const color = parse(getComputedStyle(element).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color.slice(0, 3);
    }
    return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
  };
  let lowest = [99, ''];
  const unread = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const words = walk.currentNode.textContent.trim(), element = walk.currentNode.parentElement;
    if (!words || element.closest('svg, thead')) continue;
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    if (style.display === 'none') continue;
    if (box.width < 1 || box.height < 1 || box.right > innerWidth + 1) unread.push(words.slice(0, 60));
    const [front, back] = [parse(style.color).slice(0, 3), behind(element)].map(light);
    const size = parseFloat(style.fontSize), isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05) * (isLarge ? 1.5 : 1);
    if (ratio < lowest[0]) lowest = [ratio, words.slice(0, 60)];
  }
  return {title: document.title, text: document.body.innerText, page_width: document.documentElement.scrollWidth,
          view_width: innerWidth, lowest_contrast: lowest[0], lowest_contrast_of: lowest[1], unread};
})()
"""


class Browser:
    def __init__(self, profile):
        program = shutil.which("chromium") or sys.exit("look.py: chromium is not installed: run 'make setup'")
        from_us, to_browser = os.pipe()
        from_browser, to_us = os.pipe()
        # The browser reads from descriptor 3 and writes to 4.
        wire = f'exec "$@" 3<&{from_us} 4>&{to_us}'
        self.process = subprocess.Popen(
            ["bash", "-c", wire, "bash", program, *CHROMIUM, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=[from_us, to_us], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(from_us)
        os.close(to_us)
        self.out, self.input = os.fdopen(to_browser, "wb"), os.fdopen(from_browser, "rb")
        self.events, self.count, self.session, self.rest = [], 0, None, b""

    def message(self):
        while b"\0" not in self.rest:
            part = os.read(self.input.fileno(), 1 << 20)
            if not part:
                sys.exit("look.py: chromium ended; can it run here? Try: chromium --headless --no-sandbox --dump-dom about:blank")
            self.rest += part
        line, self.rest = self.rest.split(b"\0", 1)
        return json.loads(line)

    def ask(self, method, **params):
        self.count += 1
        request = {"id": self.count, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        self.out.write(json.dumps(request).encode() + b"\0")
        self.out.flush()
        while (answer := self.message()).get("id") != request["id"]:
            self.events.append(answer)
        if "error" in answer:
            sys.exit(f"look.py: {method}: {answer['error']['message']}")
        return answer["result"]

    def wait(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.message())

    def close(self):
        self.session = None
        self.ask("Browser.close")
        self.process.wait(timeout=30)


def look(browser, choice):
    target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
    browser.session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Network", "Runtime", "Log", "Audits"):
        browser.ask(f"{domain}.enable")
    scheme = "dark" if choice.dark else "light"
    browser.ask("Emulation.setEmulatedMedia", media="screen", features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.ask("Emulation.setDeviceMetricsOverride", width=choice.width, height=choice.height, deviceScaleFactor=1,
                mobile=choice.width < 600)
    address = Path(choice.file).resolve().as_uri()
    browser.ask("Page.navigate", url=address)
    browser.wait("Page.loadEventFired")
    found = browser.ask("Runtime.evaluate", expression=LOOK, returnByValue=True)["result"]["value"]
    if choice.png:
        save_picture(browser, choice)
    if choice.pdf:
        # As a person prints, whatever the screen looks like.
        browser.ask("Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-color-scheme", "value": scheme}])
        printed = browser.ask("Page.printToPDF", preferCSSPageSize=False, paperWidth=8.27, paperHeight=11.69)
        Path(choice.pdf).write_bytes(base64.b64decode(printed["data"]))
    requests = [event["params"]["request"]["url"] for event in browser.events
                if event.get("method") == "Network.requestWillBeSent"]
    found["requests"] = [url for url in requests if url.split("#")[0] != address]
    found["messages"] = [text for event in browser.events for text in said(event)]
    return found


def save_picture(browser, choice):
    rule = f"document.querySelector({json.dumps(choice.top)}).getBoundingClientRect().top + scrollY" if choice.top else "0"
    top = browser.ask("Runtime.evaluate", expression=rule, returnByValue=True)["result"]["value"]
    clip = {"x": 0, "y": max(0, top - 16), "width": choice.width, "height": choice.height, "scale": 1}
    picture = browser.ask("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
    Path(choice.png).write_bytes(base64.b64decode(picture["data"]))


def said(event):
    params = event.get("params", {})
    if event.get("method") == "Log.entryAdded":
        yield params["entry"]["text"]
    elif event.get("method") == "Runtime.consoleAPICalled":
        yield " ".join(str(argument.get("value")) for argument in params["args"])
    elif event.get("method") == "Runtime.exceptionThrown":
        yield params["exceptionDetails"]["text"]
    elif event.get("method") == "Audits.issueAdded" and "contentSecurityPolicy" in params["issue"]["code"].lower():
        yield params["issue"]["code"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--width", type=int, default=1200)
    parser.add_argument("--height", type=int, default=900)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--png")
    parser.add_argument("--top")
    parser.add_argument("--pdf")
    choice = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            print(json.dumps(look(browser, choice)))
        finally:
            browser.close()


if __name__ == "__main__":
    main()
