import PDFDocument from 'pdfkit'
import { writeCsv } from '../../platform/csv/index.ts'
import type { CommissioningRun, CommissioningStep } from '../../schemas/fsp/commissioning.ts'
import { momentInWords } from '../../schemas/vocabulary/time.ts'

const headings = [
  ...['number', 'connector', 'kind', 'limitA', 'expected', 'startedAt', 'endedAt', 'response'],
  ...['latencyMs', 'effectMs', 'measuredA', 'verdict', 'reason'],
] as const satisfies readonly (keyof CommissioningStep)[]

/** A run's steps as a CSV file. */
export function runCsv({ steps }: CommissioningRun): string {
  return writeCsv(
    headings,
    steps.map((step) => headings.map((heading) => step[heading])),
  )
}

const columns: [title: string, width: number, cell: (step: CommissioningStep) => string][] = [
  ['No', 28, ({ number }) => String(number)],
  ['Socket', 42, ({ connector }) => (connector === null ? 'all' : String(connector))],
  ['Step', 70, ({ kind, limitA }) => (limitA === null ? kind : `${limitA} A`)],
  ['Expected', 200, ({ expected }) => expected],
  ['Response', 90, ({ response }) => response ?? '–'],
  ['Latency', 55, ({ latencyMs }) => (latencyMs === null ? '–' : `${Math.round(latencyMs)} ms`)],
  ['Effect', 50, ({ effectMs }) => (effectMs === null ? '–' : `${Math.round(effectMs / 1000)} s`)],
  ['Measured', 60, ({ measuredA }) => (measuredA === null ? '–' : `${measuredA.toFixed(1)} A`)],
  ['Verdict', 165, ({ verdict, reason }) => (reason === null ? verdict : `${verdict}: ${reason}`)],
]
const [margin, rowHeight] = [40, 14]

/** The evidence of a run as a PDF, to be signed and filed. The same run gives the same bytes, so the file carries the run's date. */
export function runPdf(run: CommissioningRun): Promise<Buffer> {
  const date = new Date(run.endedAt ?? run.startedAt)
  const info = { Title: `Commissioning of ${run.identity}`, Author: 'Ringmain', CreationDate: date, ModDate: date }
  const doc = new PDFDocument({ size: 'A4', layout: 'landscape', margin, info })
  const chunks: Buffer[] = []
  const ended = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk))
    doc.on('end', () => resolve(Buffer.concat(chunks)))
    doc.on('error', reject)
  })
  writeHead(doc, run)
  writeSteps(doc, run)
  doc
    .font('Helvetica')
    .fontSize(10)
    .text('Signed:                                        Date:', margin, doc.y + 30)
  doc.end()
  return ended
}

function writeHead(doc: PDFKit.PDFDocument, run: CommissioningRun): void {
  const { identity, depotId, model, firmware, route, protocol, connectors, state } = run
  doc.font('Helvetica-Bold').fontSize(16).text(`Commissioning of ${identity}: ${state}`)
  doc.font('Helvetica').fontSize(10).moveDown(0.5)
  doc.text(`Depot ${depotId}, sockets ${connectors.join(', ')}. Model ${model}, firmware ${firmware ?? 'not stated'}.`)
  doc.text(`Reached by the route ${route}${protocol === null ? '' : ` (${protocol})`}.`)
  doc.text(
    `Started at ${momentInWords(run.startedAt)} by ${run.startedBy}; ${run.endedAt === null ? 'it is running' : `ended at ${momentInWords(run.endedAt)}`}.`,
  )
  if (run.stoppedBy !== null) doc.text(`Stopped by ${run.stoppedBy}.`)
  doc.text(`Run ${run.runId}. Effects are seen by the charge point’s own meter, at its reporting interval.`)
  doc.moveDown(0.5)
}

function writeSteps(doc: PDFKit.PDFDocument, { steps }: CommissioningRun): void {
  doc.fontSize(8)
  const titles = columns.map(([title]) => title)
  let y = writeRow(doc, titles, doc.y, true)
  for (const step of steps) {
    if (y > doc.page.height - margin - rowHeight) {
      doc.addPage()
      y = writeRow(doc, titles, margin, true)
    }
    y = writeRow(
      doc,
      columns.map(([, , cell]) => cell(step)),
      y,
      false,
    )
  }
  doc.y = y
}

function writeRow(doc: PDFKit.PDFDocument, cells: readonly string[], y: number, isHead: boolean): number {
  doc.font(isHead ? 'Helvetica-Bold' : 'Helvetica')
  let x = margin
  for (const [i, cell] of cells.entries()) {
    const width = columns[i]?.[1] ?? 60
    doc.text(cell, x, y, { width: width - 6, height: rowHeight, lineBreak: false, ellipsis: true })
    x += width
  }
  return y + rowHeight
}
