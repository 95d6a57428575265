import { defineConfig } from "@playwright/test";

const inCi = Boolean(process.env["CI"]);

export default defineConfig({
  testDir: "tests",
  // Each worker has a server and a browser of its own; more of them only wait for each other.
  workers: 2,
  // Two cores may have much else to do; a step that hangs still ends.
  timeout: 90_000,
  forbidOnly: inCi,
  // A test that passes at the second try has found something.
  retries: 0,
  reporter: inCi ? "list" : [["list"], ["html", { open: "never" }]],
  use: {
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        // Chromium refuses its sandbox to root, which is who runs the tests in a container.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "scripts-on" },
    {
      name: "scripts-off",
      testIgnore: "**/*.hydrate.spec.ts",
      use: { javaScriptEnabled: false },
    },
  ],
});
