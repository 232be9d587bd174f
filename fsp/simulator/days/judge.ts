/** A site's import in a minute beside the limit in force, W. */
export interface SiteMinute {
  atMs: number
  siteW: number
  limitW: number
}

/** When and how a site was above its limit. */
export interface Breach {
  atMs: number
  rule: 'for more than a minute' | 'mean of the half-hour'
  siteW: number
  limitW: number
}

const halfHourMs = 30 * 60_000
/** Share above the limit that is still within it (domain section 12). */
const margin = 1.01

/**
 * Judges a site as the DNO does (domain section 12): a breach begins when the limit is exceeded by more than 1 % for 60 s, which two minutes
 * in a row show, or by the mean of a half-hour.
 */
export class Judge {
  readonly breaches: Breach[] = []
  #isAbove = false
  #halfHour = -1
  #sum = { siteW: 0, limitW: 0, minutes: 0 }

  /** Takes the minutes in their order. */
  add({ atMs, siteW, limitW }: SiteMinute): void {
    const isAbove = siteW > limitW * margin
    if (isAbove && this.#isAbove) this.breaches.push({ atMs, rule: 'for more than a minute', siteW, limitW })
    this.#isAbove = isAbove
    const halfHour = Math.floor(atMs / halfHourMs)
    if (halfHour !== this.#halfHour) this.end()
    this.#halfHour = halfHour
    this.#sum.siteW += siteW
    this.#sum.limitW += limitW
    this.#sum.minutes++
  }

  /** Judges the half-hour that has begun, if all of it was seen. */
  end(): void {
    const { siteW, limitW, minutes } = this.#sum
    this.#sum = { siteW: 0, limitW: 0, minutes: 0 }
    if (minutes < 30 || siteW <= limitW) return
    const [mean, limit] = [siteW / minutes, limitW / minutes]
    this.breaches.push({ atMs: this.#halfHour * halfHourMs, rule: 'mean of the half-hour', siteW: mean, limitW: limit })
  }
}
