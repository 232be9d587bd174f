/** The first that a browser’s own description holds counts: many name those they descend from too. */
const browsers = [
  [/Edg/, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\/|FxiOS/, 'Firefox'],
  [/Chrom(e|ium)\/|CriOS/, 'Chrome'],
  [/Safari\//, 'Safari'],
] as const

const systems = [
  [/Windows/, 'Windows'],
  [/Android/, 'Android'],
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Macintosh|Mac OS X/, 'Mac'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
] as const

/** A browser and its system in short words, from the description that it sends: `Firefox on Windows`. */
export function agentInWords(agent: string | null): string {
  if (!agent) return 'Unknown'
  const [browser, system] = [browsers, systems].map((known) => known.find(([pattern]) => pattern.test(agent))?.[1])
  if (browser && system) return `${browser} on ${system}`
  return browser ?? system ?? agent.slice(0, 40)
}
