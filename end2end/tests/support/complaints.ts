import type { BrowserContext } from "@playwright/test";

// Chromium prints these itself, for what a test may intend: a refused form, a stopped server.
const STATUS = /^Failed to load resource: .* status of (\d{3})|Unexpected response code: (\d{3})/;
const NETWORK = /net::ERR_|^WebSocket connection to '[^']*' failed/;

/** The browser's errors and warnings, except those that the test said it would cause. */
export class Complaints {
  private readonly heard: { text: string; where: string }[] = [];
  private readonly statuses = new Set<number>();
  private networkMayFail = false;

  listenTo(context: BrowserContext): void {
    context.on("console", (message) => {
      if (message.type() === "error") this.hear(message.text(), message.location().url);
    });
    context.on("weberror", (error) => {
      this.hear(error.error().stack ?? error.error().message, error.page()?.url() ?? "");
    });
    context.on("page", (page) => page.on("crash", () => this.hear("the page crashed", page.url())));
  }

  expectStatus(...statuses: number[]): void {
    for (const status of statuses) this.statuses.add(status);
  }

  expectNetworkErrors(): void {
    this.networkMayFail = true;
  }

  unexpected(): string[] {
    return this.heard
      .filter(({ text }) => !this.isExpected(text))
      .map(({ text, where }) => `${text} (${where})`);
  }

  private hear(text: string, where: string): void {
    this.heard.push({ text, where });
  }

  private isExpected(text: string): boolean {
    const [, loaded, upgraded] = STATUS.exec(text) ?? [];
    const status = loaded ?? upgraded;
    if (status !== undefined) return this.statuses.has(Number(status));
    return this.networkMayFail && NETWORK.test(text);
  }
}
