import type { Instant } from '@js-joda/core'
import PDFDocument from 'pdfkit'
import type { PlanResult } from '../../../schemas/planning/sites/plan.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'
import { clockTime, dayName } from './engine/impossible.ts'

const margin = 40
const chart = { width: 515, height: 150 }
const week = 336

/** What a page says of a run. */
export interface PrintedRun {
  name: string
  finishedAt: Instant
  result: PlanResult
}

const titles = {
  base: 'The site without electric vehicles',
  unmanaged: 'Unmanaged charging',
  'least-peak': 'EV load minimised',
  profile: 'Within a profile, at the least cost',
  'least-cost': 'The least cost',
} as const

/** A run as PDF: figures, the week, what cannot be done, and remarks. The same run gives the same bytes: the file carries its date. */
export async function planPdf({ name, finishedAt, result }: PrintedRun): Promise<Buffer> {
  const date = new Date(finishedAt.toEpochMilli())
  const info = { Title: `${name}: ${titles[result.scenario]}`, Author: 'Ringmain', CreationDate: date, ModDate: date }
  const doc = new PDFDocument({ size: 'A4', margin, info })
  const chunks: Buffer[] = []
  const ended = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk))
    doc.on('end', () => resolve(Buffer.concat(chunks)))
    doc.on('error', reject)
  })
  doc.font('Helvetica-Bold').fontSize(16).text(name)
  doc.fontSize(11).text(titles[result.scenario])
  doc
    .font('Helvetica')
    .fontSize(8)
    .text(`Made at ${momentInWords(finishedAt)} by ${result.engine}`)
    .moveDown()
  writeFigures(doc, result)
  drawWeek(doc, result)
  writeTexts(doc, 'Journeys that cannot be made', impossibleTexts(result))
  writeTexts(
    doc,
    'Remarks',
    result.notes.map(({ text }) => text),
  )
  doc.end()
  return ended
}

function writeFigures(doc: PDFKit.PDFDocument, result: PlanResult): void {
  const { money, extraKva } = result
  const lines = [
    ['Peak', `${result.peakKw.toFixed(1)} kW, ${dayName(result.peakDay)} ${result.peakFrom}`],
    ['Capacity needed', `${result.capacityKva.toFixed(1)} kVA`],
    ['Beyond the agreed capacity', extraKva === null ? 'agreed capacity not stated' : `${extraKva.toFixed(1)} kVA`],
    ['Energy charged in a week', `${result.chargedKwh.toFixed(1)} kWh for £${money.chargingGbpPerWeek}`],
    ['Capital', `£${money.capital.totalGbp}`],
    ['Running costs of a year', `£${money.runningPerYear.totalGbp}`],
    [`Total cost of ownership, ${money.years} years`, `£${money.totalCostOfOwnershipGbp}`],
    ...result.infrastructure.map((each) => [
      `Charge points ${each.name}`,
      `${each.count}, of whose ${each.sockets} sockets ${each.inUseAtMost} are in use at most`,
    ]),
  ]
  doc.fontSize(10)
  for (const [label, value] of lines) doc.text(`${label}: ${value}`)
  doc.moveDown()
}

/** The import of the site as a line over the background as an area. */
function drawWeek(doc: PDFKit.PDFDocument, { siteKw, backgroundKw, peakKw }: PlanResult): void {
  const [left, top] = [margin, doc.y + 12]
  const highest = Math.max(peakKw, ...backgroundKw, 1)
  const x = (t: number) => left + (t / week) * chart.width
  const y = (kw: number) => top + chart.height * (1 - Math.max(0, kw) / highest)
  doc.moveTo(left, y(0))
  for (const [t, kw] of backgroundKw.entries()) doc.lineTo(x(t), y(kw)).lineTo(x(t + 1), y(kw))
  doc.lineTo(x(week), y(0)).fill('#d0d7de')
  doc.moveTo(left, y(siteKw[0] ?? 0))
  for (const [t, kw] of siteKw.entries()) doc.lineTo(x(t), y(kw)).lineTo(x(t + 1), y(kw))
  doc.lineWidth(0.8).stroke('#0b5fa5')
  doc.rect(left, top, chart.width, chart.height).lineWidth(0.5).stroke('#57606a')
  doc
    .fillColor('black')
    .fontSize(8)
    .text(`${highest.toFixed(0)} kW; grey: without vehicles; from Monday ${clockTime(0)}`, left, top - 11)
  for (let day = 0; day < 7; day++) doc.text(dayName(day).slice(0, 3), x(day * 48) + 4, top + chart.height + 3)
  doc.x = left
  doc.moveDown()
}

function impossibleTexts({ impossible }: PlanResult): string[] {
  return impossible.map(
    ({ group, vehicles, day, leaves, advice }) => `${group}, ${vehicles} of them, ${dayName(day)} ${leaves}. ${advice}`,
  )
}

function writeTexts(doc: PDFKit.PDFDocument, title: string, texts: readonly string[]): void {
  if (texts.length === 0) return
  doc.font('Helvetica-Bold').fontSize(10).text(title).font('Helvetica').fontSize(9)
  for (const text of texts) doc.text(`• ${text}`)
  doc.moveDown()
}
