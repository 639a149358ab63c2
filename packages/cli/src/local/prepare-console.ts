/** Builds the console if its output is older than its sources: some seconds, once. Needs the development packages. */
export async function prepareConsole(onBuild: () => void = () => {}): Promise<void> {
  const { ensureConsole } = await import('../../../../infra/build/console.ts')
  await ensureConsole(onBuild)
}
