import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const execute = promisify(execFile);

const repo = resolve(__dirname, "../../..");
const binary = resolve(repo, process.env["CARGO_TARGET_DIR"] ?? "target", "release/sarangbang");

const START_LIMIT_MS = 20_000;
const STOP_LIMIT_MS = 10_000;

/** The release build, serving an instance of its own: its own port, its own data. */
export class ChatServer {
  /** Its output, over all restarts, since this was last cleared. */
  output = "";
  /** Whether it has been stopped since this was last set to false. */
  wasAway = false;
  private child: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly data: string,
  ) {}

  static async launch(): Promise<ChatServer> {
    if (!existsSync(binary)) {
      throw new Error(`${binary} is missing: bin/test builds it before it comes here.`);
    }
    const data = await mkdtemp(join(tmpdir(), "sarangbang-"));
    const server = new ChatServer(await freePort(), data);
    try {
      await server.start();
    } catch (error) {
      await server.dispose();
      throw error;
    }
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Returns once /sign-in is served; does nothing if it already runs. */
  async start(): Promise<void> {
    if (this.running()) return;
    const child = spawn(binary, {
      cwd: repo,
      env: this.environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const keep = (text: Buffer) => (this.output += text.toString());
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    this.child = child;
    await this.answering();
  }

  /** Runs an operator's command, such as `admin EMAIL` or `reset EMAIL`. Returns its output. */
  async run(...command: string[]): Promise<string> {
    const { stdout } = await execute(binary, command, { env: this.environment() });
    return stdout.trim();
  }

  /** With SIGKILL as after a power cut. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.child;
    if (!child || !this.running()) return;
    this.wasAway = true;
    const gone = once(child, "exit", { signal: AbortSignal.timeout(STOP_LIMIT_MS) });
    child.kill(signal);
    try {
      await gone;
    } catch {
      child.kill("SIGKILL");
      throw new Error(`The server did not stop within ${STOP_LIMIT_MS} ms.\n${this.output}`);
    }
  }

  /** With the same port and the same data. */
  async restart(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    await this.stop(signal);
    await this.start();
  }

  async dispose(): Promise<void> {
    try {
      await this.stop();
    } finally {
      await rm(this.data, { recursive: true, force: true });
    }
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      DATABASE_URL: `sqlite://${join(this.data, "sarangbang.db")}`,
      LEPTOS_SITE_ADDR: `127.0.0.1:${this.port}`,
      LEPTOS_SITE_ROOT: join(repo, "target/site"),
      // All users of the tests have one address.
      SARANGBANG_LIMITS: "off",
      // Without a configured URL, the first user on the machine itself needs no set-up link.
      SARANGBANG_URL: undefined,
      TRUSTED_PROXIES: undefined,
    };
  }

  private running(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  private async answering(): Promise<void> {
    const deadline = Date.now() + START_LIMIT_MS;
    while (this.running() && Date.now() < deadline) {
      const answer = await fetch(`${this.url}/sign-in`).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.status === 200) return;
      await pause(20);
    }
    const what = this.running() ? `did not serve within ${START_LIMIT_MS} ms` : "ended";
    throw new Error(`The server ${what}.\n${this.output}`);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
