// `spikewatt export`: a trained ANN as an ONNX file.

import { type Command, Option } from 'commander';
import { joinPath, pathKind, writeFileAtomic } from '#platform';
import { ConfigError } from '../../core/index.ts';
import { type ExportedNetwork, exportFile } from '../../experiment/index.ts';
import { countParameters, INPUT_NAME, outputShape, sizeOf } from '../../model/index.ts';
import { inputDims, outputName } from '../../onnx/index.ts';
import { quantity } from '../../report/index.ts';
import type { DataRecord } from '../../store/index.ts';
import { dataBeside, locateNetworkFile, readNetworkFile } from '../network-files.ts';
import { printResult, type Session } from '../session.ts';
import type { GlobalOptions } from '../study-options.ts';

interface ExportCommandOptions extends GlobalOptions {
  readonly layout: 'nhwc' | 'nchw';
  readonly normalize: boolean;
  readonly keepNorms?: boolean;
  readonly check: boolean;
}

/** Adds `export`. */
export function addExportCommand(program: Command, session: Session): void {
  program
    .command('export')
    .description('write a trained ANN as an ONNX file, and check it with ONNX Runtime if that is installed')
    .argument('<network>', 'a run folder, or its ann.safetensors')
    .addOption(
      new Option('--layout <order>', 'of input maps: nhwc channels last, nchw channels first')
        .choices(['nhwc', 'nchw'])
        .default('nhwc'),
    )
    .option('--no-normalize', 'the file takes normalised values instead of pixels')
    .option('--keep-norms', 'keep batch norms, instead of folding them into the layers before them')
    .option('--no-check', 'do not run the file')
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, _, self: Command) => {
      const options: ExportCommandOptions = self.optsWithGlobals();
      const source = await locateNetworkFile(path, 'ann');
      const target = await targetOf(options.out ?? joinPath(source, '..'));
      const file = await readNetworkFile(source, 'ann');
      const data = await dataBeside(source);
      const { normalize } = options.normalize ? (data ?? {}) : {};
      const { layout, keepNorms = false, check } = options;
      const about = { ...(normalize && { normalize }), ...(data && { classes: data.classes }) };
      const exported = await exportFile(file, { layout, keepNorms, check, ...about });
      await writeFileAtomic(target, exported.bytes);
      const written: Written = { target, layout, exported, normalize };
      printResult(session, options, documentOf(written), () => textOf(written));
    });
}

const EXAMPLES = `
Examples:
  spikewatt export runs/mine                              writes runs/mine/ann.onnx
  spikewatt export runs/mine/ann.safetensors --out /tmp/digits.onnx
  spikewatt export runs/mine --layout nchw                channels first, as PyTorch has maps
  spikewatt export runs/mine --keep-norms --no-check
--out is a file ending in .onnx, or a folder; a file that exists is replaced. The normalisation of the run that the network lies
in goes into the file, which then takes pixels. A spiking network cannot be exported: ONNX has no neurons with a membrane.`;

/** The file to be written. Throws ConfigError for a name that is not an ONNX file's: it may be the network itself. */
async function targetOf(out: string): Promise<string> {
  if ((await pathKind(out)) === 'directory') return joinPath(out, 'ann.onnx');
  if (out.endsWith('.onnx')) return out;
  throw new ConfigError('--out', `got "${out}", expected a name that ends in .onnx, or a folder that exists`);
}

interface Written {
  readonly target: string;
  readonly layout: 'nhwc' | 'nchw';
  readonly exported: ExportedNetwork;
  readonly normalize: DataRecord['normalize'];
}

const documentOf = ({ target, layout, exported: { bytes, spec, check }, normalize }: Written) => ({
  file: target,
  bytes: bytes.length,
  network: spec.name,
  parameters: countParameters(spec, 'ann'),
  input: { name: INPUT_NAME, shape: ['N', ...inputDims(spec.input, layout)], layout, normalize: normalize ?? null },
  output: { name: outputName(spec), shape: ['N', sizeOf(outputShape(spec))] },
  check,
});

function textOf(written: Written): string {
  const { file, bytes, network, parameters, input, output } = documentOf(written);
  const taking =
    written.normalize === undefined
      ? 'as in the data it was trained on (bytes from 0 to 1)'
      : 'pixels, normalised by the file';
  return [
    `Network        ${network}, ${parameters} parameters`,
    `Input          ${input.name} [${input.shape.join(', ')}], ${taking}`,
    `Output         ${output.name} [${output.shape.join(', ')}]`,
    `Check          ${checkText(written.exported)}`,
    `Written        ${file}, ${quantity(bytes, 'bytes')}`,
  ].join('\n');
}

function checkText({ check }: ExportedNetwork): string {
  if (check === null) return 'not run';
  if ('unavailable' in check) return `not run: ${check.unavailable}`;
  const { provider, version, samples, differing, largestDifference } = check;
  const crossing = differing === 0 ? '' : `; ${differing} fell on the next step of a quantised activation`;
  return `checked against ONNX Runtime ${version} (${provider}): largest difference ${largestDifference.toExponential(0)} of the largest output, ${samples} random samples${crossing}`;
}
