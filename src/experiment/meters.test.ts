import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findMeters } from './meters.ts';

const root = mkdtempSync(join(tmpdir(), 'meters-'));
after(() => rmSync(root, { recursive: true }));

/** A folder like /sys/class/powercap with one zone holding these files. */
function powercap(name: string, zone: string, files: Record<string, string>): string {
  const folder = join(root, name);
  mkdirSync(join(folder, zone), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, zone, file), text);
  return folder;
}

test('a readable RAPL zone is a meter, named as it names itself', async () => {
  const rapl = powercap('good', 'intel-rapl:0', { name: 'package-0\n', energy_uj: '1234' });
  assert.deepEqual(await findMeters({ rapl, nvidia: [] }), { found: ['RAPL package-0'], unavailable: '' });
});

test('what cannot be read, or is not there, is said with its reason', async () => {
  const reason = async (rapl: string): Promise<string> =>
    (await findMeters({ rapl, nvidia: [join(root, 'none')] })).unavailable;
  assert.match(await reason(join(root, 'absent')), /^no RAPL counters \(.*absent is missing\); no NVIDIA driver$/);
  assert.match(await reason(powercap('empty', 'dtpm', {})), /lists none, as on most virtual machines/);
  assert.match(await reason(powercap('closed', 'intel-rapl:0', { name: 'package-0' })), /may be read by root only/);
});

test('an NVIDIA driver is a meter', async () => {
  const device = join(powercap('gpu', 'x', { nvidia0: '' }), 'x', 'nvidia0');
  const { found } = await findMeters({ rapl: join(root, 'absent'), nvidia: [device] });
  assert.deepEqual(found, ['NVIDIA driver (nvidia-smi)']);
});
