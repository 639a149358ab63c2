import { cpus, loadavg, release, totalmem, type } from 'node:os'

/** One line on what the figures were measured with. The load tells how much of the machine others had. */
export function describeMachine(): string {
  const processors = cpus()
  const load = loadavg().map((value) => value.toFixed(1))
  return [
    `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}`,
    `${Math.round(totalmem() / 1024 ** 3)} GB`,
    `${type()} ${release()}`,
    `Node ${process.versions.node}`,
    `load ${load.join(' ')}`,
  ].join(', ')
}
