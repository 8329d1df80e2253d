import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type DownloadOptions, downloadFile } from './download.ts';
import type { LoadProgress } from './source.ts';

const CONTENT = Uint8Array.from({ length: 200_003 }, (_, i) => (i * 31 + (i >> 8)) % 251);
const MD5 = createHash('md5').update(CONTENT).digest('hex');

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

const rangeOf = (request: IncomingMessage): number =>
  Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);

/** Sends the content from where it is asked for, `most` bytes of it, and then breaks the connection. */
function send(request: IncomingMessage, response: ServerResponse, most = CONTENT.length, ranges = true): void {
  const from = ranges ? rangeOf(request) : 0;
  const headers = { 'content-length': CONTENT.length - from };
  if (from > 0)
    response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}` });
  else response.writeHead(200, headers);
  if (from + most >= CONTENT.length) response.end(CONTENT.subarray(from));
  else response.write(CONTENT.subarray(from, from + most), () => setTimeout(() => response.destroy(), 20));
}

const sendAll: Answer = (request, response) => send(request, response);

interface World {
  readonly folder: string;
  readonly path: string;
  readonly url: string;
  /** Where each request began. */
  readonly starts: number[];
  get(options?: DownloadOptions, md5?: string): Promise<void>;
}

async function withServer(answer: Answer, work: (world: World) => Promise<void>): Promise<void> {
  const starts: number[] = [];
  const server = createServer((request, response) => {
    starts.push(rangeOf(request));
    answer(request, response, starts.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file.bin`;
  const folder = await mkdtemp(join(tmpdir(), 'spikewatt-download-'));
  const path = join(folder, 'file.bin');
  const get = (options: DownloadOptions = {}, md5 = MD5): Promise<void> =>
    downloadFile({ url, path, md5 }, { retrySeconds: 0.01, ...options });
  try {
    await work({ folder, path, url, starts, get });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  }
}

const whole = async ({ folder, path }: World): Promise<void> => {
  assert.deepEqual(await readdir(folder), ['file.bin']);
  assert.deepEqual(new Uint8Array(await readFile(path)), CONTENT);
};

test('a file is downloaded with progress, and not again', async () => {
  await withServer(sendAll, async (world) => {
    const seen: LoadProgress[] = [];
    await world.get({ onProgress: (progress) => seen.push(progress) });
    await whole(world);
    await world.get();
    assert.deepEqual(world.starts, [0]);
    const { length } = CONTENT;
    assert.deepEqual(seen.at(-1), { stage: 'download', what: world.url, done: length, total: length, unit: 'bytes' });
    assert.ok(seen.every(({ done }, i) => i === 0 || done > seen[i - 1]!.done));
  });
});

test('a connection that breaks is taken up where it broke', async () => {
  await withServer(
    (request, response, count) => send(request, response, count < 3 ? 70_000 : undefined),
    async (world) => {
      await world.get();
      await whole(world);
      assert.deepEqual(world.starts, [0, 70_000, 140_000]);
    },
  );
});

test('what one call received is gone on from by the next', async () => {
  await withServer(
    (request, response, count) => send(request, response, count === 1 ? 50_000 : undefined),
    async (world) => {
      await assert.rejects(world.get({ attempts: 1 }), {
        name: 'DataError',
        message:
          /file\.bin: the download broke off after 50000 bytes, 1 times tried \(.*\); run again to go on from there, or fetch it by hand and put it at .*file\.bin$/,
      });
      assert.deepEqual(await readdir(world.folder), ['file.bin.part']);
      await world.get();
      await whole(world);
      assert.deepEqual(world.starts, [0, 50_000]);
    },
  );
});

test('a stopped download keeps what it has', async () => {
  const control = new AbortController();
  await withServer(
    (request, response, count) => send(request, response, count === 1 ? 60_000 : undefined),
    async (world) => {
      const onProgress = ({ done }: LoadProgress): void => {
        if (done === 60_000) control.abort();
      };
      await assert.rejects(world.get({ onProgress, signal: control.signal }), {
        name: 'InterruptedError',
        message: /stopped on request after 60000 bytes, which the next one goes on from/,
      });
      await world.get();
      await whole(world);
      assert.deepEqual(world.starts, [0, 60_000]);
    },
  );
});

test('a server without Range is asked for the whole again', async () => {
  await withServer(
    (request, response, count) => send(request, response, count === 1 ? 50_000 : undefined, false),
    async (world) => {
      await world.get();
      await whole(world);
      assert.deepEqual(world.starts, [0, 50_000]);
    },
  );
});

test('a part that is whole already is only checked; one that is too long is dropped', async () => {
  const answer: Answer = (request, response) => {
    if (rangeOf(request) < CONTENT.length) send(request, response);
    else response.writeHead(416, { 'content-range': `bytes */${CONTENT.length}` }).end();
  };
  await withServer(answer, async (world) => {
    await writeFile(`${world.path}.part`, CONTENT);
    await world.get();
    await whole(world);
    assert.deepEqual(world.starts, [CONTENT.length]);
  });
  await withServer(answer, async (world) => {
    await writeFile(`${world.path}.part`, new Uint8Array(CONTENT.length + 9));
    await world.get();
    await whole(world);
    assert.deepEqual(world.starts, [CONTENT.length + 9, 0]);
  });
});

test('a wrong checksum removes what was received and says both sums', async () => {
  await withServer(sendAll, async (world) => {
    await assert.rejects(world.get({}, '0'.repeat(32)), {
      name: 'DataError',
      message: new RegExp(
        `wrong checksum: got MD5 ${MD5} of 200003 bytes, expected 0{32}; what was received is removed, run again`,
      ),
    });
    assert.deepEqual(await readdir(world.folder), []);
    await writeFile(`${world.path}.part`, 'damaged');
    await assert.rejects(world.get(), { message: /wrong checksum/ });
    await world.get();
    await whole(world);
  });
});

test('a file that is not there is not asked for twice; a server in trouble is', async () => {
  await withServer(
    (_, response) => response.writeHead(404).end('no'),
    async (world) => {
      await assert.rejects(world.get(), {
        name: 'DataError',
        message: /the server answered 404 Not Found, expected the file; try again later, or fetch it by hand/,
      });
      assert.equal(world.starts.length, 1);
    },
  );
  await withServer(
    (request, response, count) => (count === 1 ? response.writeHead(503).end() : send(request, response)),
    async (world) => {
      await world.get();
      await whole(world);
      assert.equal(world.starts.length, 2);
    },
  );
});

test('an encoded answer, another range, a silent server, no server', async () => {
  await withServer(
    (_, response) => response.writeHead(200, { 'content-encoding': 'identity, x' }).end('x'),
    async (world) => {
      await assert.rejects(world.get(), {
        message: /sends the file in content encoding "identity, x", expected it as it is/,
      });
    },
  );
  await withServer(
    (request, response, count) =>
      count === 1 ? response.writeHead(206, { 'content-range': 'bytes 5-9/10' }).end('12345') : send(request, response),
    async (world) => {
      await world.get();
      await whole(world);
    },
  );
  await withServer(
    () => undefined,
    async (world) => {
      await assert.rejects(world.get({ attempts: 2, stallSeconds: 0.05 }), {
        message: /broke off after 0 bytes, 2 times tried \(no byte for 0\.05 s\)/,
      });
    },
  );
  await withServer(sendAll, async ({ path }) => {
    const gone = { url: 'http://127.0.0.1:1/file.bin', path, md5: MD5 };
    await assert.rejects(downloadFile(gone, { attempts: 1 }), {
      name: 'DataError',
      message: /broke off after 0 bytes/,
    });
  });
});

test('two at once do not disturb one another', async () => {
  await withServer(
    (request, response) => send(request, response, 90_000),
    async (world) => {
      await Promise.all([world.get(), world.get()]);
      await whole(world);
    },
  );
});

test('two processes at once do not either, and one that was killed is gone on from', async () => {
  const start = ({ url, path }: World) => {
    const code = `import { downloadFile } from '${new URL('download.ts', import.meta.url)}';
      await downloadFile(${JSON.stringify({ url, path, md5: MD5 })}, { retrySeconds: 0.01 });`;
    const child = spawn(process.execPath, ['--conditions=source', '--input-type=module', '-e', code], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return { child, end: once(child, 'exit') };
  };
  await withServer(
    (request, response) => send(request, response, 90_000),
    async (world) => {
      const ends = await Promise.all([start(world).end, start(world).end]);
      assert.deepEqual(ends, [
        [0, null],
        [0, null],
      ]);
      await whole(world);
    },
  );
  let reached = (): void => undefined;
  const waiting = new Promise<void>((resolve) => {
    reached = resolve;
  });
  await withServer(
    (request, response, count) => {
      if (count > 1) return send(request, response);
      response.writeHead(200, { 'content-length': CONTENT.length });
      response.write(CONTENT.subarray(0, 100_000), () => setTimeout(reached, 200));
    },
    async (world) => {
      const { child, end } = start(world);
      await waiting;
      child.kill('SIGKILL');
      await end;
      await world.get();
      await whole(world);
      assert.equal(world.starts.length, 2);
      assert.ok(world.starts[1]! > 0, 'the second began where the first was killed');
    },
  );
});

test('a part is taken over from a process that is gone, not from one that lives or another machine', async () => {
  await withServer(sendAll, async (world) => {
    const mark = hostname().replaceAll(/[^\w-]/g, '_');
    const living = `file.bin.${mark}.${process.ppid}.0.part`;
    const dead = `file.bin.${mark}.${2 ** 30}.0.part`;
    await writeFile(join(world.folder, living), 'x'.repeat(90_000));
    await writeFile(join(world.folder, 'file.bin.elsewhere.1.0.part'), 'y'.repeat(90_000));
    await writeFile(join(world.folder, dead), CONTENT.subarray(0, 80_000));
    await world.get();
    assert.deepEqual(world.starts, [80_000]);
    assert.deepEqual(await readdir(world.folder), ['file.bin', 'file.bin.elsewhere.1.0.part', living].sort());
  });
});

test('a cache that cannot be written to is named', async () => {
  await withServer(sendAll, async ({ folder, url }) => {
    await writeFile(join(folder, 'taken'), '');
    await assert.rejects(downloadFile({ url, path: join(folder, 'taken', 'x'), md5: MD5 }), {
      name: 'DataError',
      message: /taken: cannot make this folder/,
    });
    await mkdir(join(folder, 'file.bin'));
    await assert.rejects(downloadFile({ url, path: join(folder, 'file.bin'), md5: MD5 }), {
      name: 'DataError',
      message: /cannot move to .*: EISDIR; choose another cache folder or free some space/,
    });
  });
});
