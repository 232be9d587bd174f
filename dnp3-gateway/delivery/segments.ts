import {
  closeSync,
  fdatasync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { syncFolder } from './files.ts'
import { parseLine, type SpoolRecord } from './records.ts'

const suffix = '.spool'

/**
 * One append-only file of the spool. Its name is its number, so that files are read back in the order in which they were written.
 * Writes are synchronous: they go to the page cache in microseconds, and what is there outlives the process, however it ends. To outlive
 * a power cut it has to be synced as well.
 */
export class Segment {
  readonly number: number
  readonly path: string
  bytes = 0
  /** Records in it that the server has not acknowledged. */
  pending = 0
  #fd: number
  /** Octets that are safe from a power cut. */
  #syncedBytes: number
  #syncing = false
  readonly #folder: string

  private constructor(folder: string, number: number) {
    this.number = number
    this.path = join(folder, `${String(number).padStart(12, '0')}${suffix}`)
    this.#fd = openSync(this.path, 'a+', 0o640)
    this.bytes = fstatSync(this.#fd).size
    this.#syncedBytes = this.bytes
    this.#folder = folder
  }

  static create(folder: string, number: number): Segment {
    return new Segment(folder, number)
  }

  /** The segments of a folder, oldest first. */
  static open(folder: string): Segment[] {
    return readdirSync(folder)
      .filter((name) => name.endsWith(suffix) && /^\d+$/.test(name.slice(0, -suffix.length)))
      .map((name) => Number(name.slice(0, -suffix.length)))
      .sort((a, b) => a - b)
      .map((number) => new Segment(folder, number))
  }

  /** Appends a whole line and returns where it begins; if the disk takes only a part of it, that part is taken back and it throws. */
  append(line: Buffer): number {
    const offset = this.bytes
    try {
      const written = writeSync(this.#fd, line)
      if (written < line.length) throw new Error(`the disk took ${written} of ${line.length} octets`)
    } catch (error) {
      ftruncateSync(this.#fd, offset)
      throw error
    }
    this.bytes += line.length
    return offset
  }

  /** The record of the line that begins at `offset`. */
  read(offset: number, length: number): SpoolRecord | null {
    const line = Buffer.alloc(length - 1)
    readSync(this.#fd, line, 0, length - 1, offset)
    return parseLine(line.toString())
  }

  /** All whole records with their places. What a kill left of a last line is cut off. `damaged`: lines that cannot be read. */
  recover(): { records: (SpoolRecord & { offset: number; length: number })[]; damaged: number } {
    const content = readFileSync(this.path)
    const records: (SpoolRecord & { offset: number; length: number })[] = []
    let damaged = 0
    let offset = 0
    for (let end = content.indexOf(10); end >= 0; end = content.indexOf(10, offset)) {
      const record = parseLine(content.toString('utf8', offset, end))
      if (record) records.push({ ...record, offset, length: end + 1 - offset })
      else damaged++
      offset = end + 1
    }
    if (offset < content.length) {
      damaged++
      ftruncateSync(this.#fd, offset)
      this.bytes = statSync(this.path).size
    }
    return { records, damaged }
  }

  /** Octets that a power cut would cost. */
  get unsyncedBytes(): number {
    return Math.max(0, this.bytes - this.#syncedBytes)
  }

  /** Has the disk keep what was appended, without holding up anything else. */
  sync(): Promise<void> {
    if (this.#syncing || this.#fd < 0) return Promise.resolve()
    this.#syncing = true
    const [fd, bytes, isNew] = [this.#fd, this.bytes, this.#syncedBytes === 0]
    return new Promise((resolve, reject) => {
      fdatasync(fd, (error) => {
        this.#syncing = false
        // Closed meanwhile: the descriptor was kept for us.
        if (this.#fd < 0) closeSync(fd)
        if (error) return reject(error)
        try {
          if (isNew && this.#fd >= 0) syncFolder(this.#folder)
        } catch (folderError) {
          return reject(folderError as Error)
        }
        this.#syncedBytes = bytes
        resolve()
      })
    })
  }

  close(): void {
    if (this.#fd >= 0 && !this.#syncing) closeSync(this.#fd)
    this.#fd = -1
  }

  remove(): void {
    this.close()
    unlinkSync(this.path)
  }
}
