import PDFDocument from 'pdfkit'
import type { ComplianceReport, ComplianceReportLine } from '../../../schemas/grid/compliance.ts'

interface Column {
  title: string
  width: number
  align: 'left' | 'right'
  text(line: ComplianceReportLine): string
}

/** Unknown values show as a dash, never as 0. */
const unknown = '–'
const percent = (share: number | null) => (share === null ? unknown : `${(share * 100).toFixed(1)} %`)
const kw = (watts: number | null) => (watts === null ? unknown : (watts / 1000).toFixed(1))

const columns: readonly Column[] = [
  { title: 'Connection', width: 130, align: 'left', text: (l) => l.name },
  { title: 'Customer', width: 95, align: 'left', text: (l) => l.customer },
  { title: 'Compliant', width: 53, align: 'right', text: (l) => percent(l.compliantShare) },
  { title: 'At risk', width: 45, align: 'right', text: (l) => percent(l.atRiskShare) },
  { title: 'Breach', width: 45, align: 'right', text: (l) => percent(l.breachShare) },
  { title: 'Unknown', width: 50, align: 'right', text: (l) => percent(l.unknownShare) },
  { title: 'Breaches', width: 50, align: 'right', text: (l) => String(l.breaches) },
  { title: 'Peak over, kW', width: 65, align: 'right', text: (l) => kw(l.peakExcessW) },
  { title: 'Excess, kWh', width: 60, align: 'right', text: (l) => (l.excessWh / 1000).toFixed(1) },
  { title: 'Export br.', width: 50, align: 'right', text: (l) => String(l.exportBreaches) },
  { title: 'Peak over, kW', width: 65, align: 'right', text: (l) => kw(l.exportPeakExcessW) },
  { title: 'Max ½ h, kW', width: 62, align: 'right', text: (l) => kw(l.maxHalfHourW) },
]

const margin = 36
const rowHeight = 16

/** A monthly report as a PDF file, A4 landscape. The same report gives the same bytes: the file has no creation time. */
export async function reportPdf(report: ComplianceReport): Promise<Buffer> {
  const madeAt = new Date(`${report.month}-01T00:00:00Z`)
  const info = { Title: `Compliance ${report.month}`, CreationDate: madeAt, ModDate: madeAt }
  const document = new PDFDocument({ size: 'A4', layout: 'landscape', margin, info })
  const chunks: Buffer[] = []
  document.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<void>((resolve) => document.on('end', () => resolve()))
  let y = heading(document, report)
  for (const line of report.lines) {
    if (y + rowHeight > document.page.height - margin) {
      document.addPage()
      y = titles(document, margin)
    }
    y = row(document, y, (column) => column.text(line))
  }
  document.end()
  await ended
  return Buffer.concat(chunks)
}

function heading(document: PDFKit.PDFDocument, { month, lines }: ComplianceReport): number {
  document.font('Helvetica-Bold').fontSize(16).text(`Compliance of profiled connections, ${month}`, margin, margin)
  const broken = lines.filter((line) => line.breaches + line.exportBreaches > 0).length
  document.font('Helvetica').fontSize(9)
  document.text(
    `${lines.length} connections, ${broken} with breaches. Shares are of the time watched, and count import and export; br.: breaches.`,
    margin,
    margin + 24,
  )
  return titles(document, margin + 46)
}

function titles(document: PDFKit.PDFDocument, y: number): number {
  document.font('Helvetica-Bold').fontSize(8)
  const next = row(document, y, (column) => column.title)
  document
    .moveTo(margin, next - 3)
    .lineTo(document.page.width - margin, next - 3)
    .lineWidth(0.5)
    .stroke()
  document.font('Helvetica').fontSize(8)
  return next
}

function row(document: PDFKit.PDFDocument, y: number, text: (column: Column) => string): number {
  let x = margin
  for (const column of columns) {
    const { width, align } = column
    document.text(text(column), x, y, {
      width: width - 6,
      height: rowHeight - 4,
      align,
      lineBreak: false,
      ellipsis: true,
    })
    x += width
  }
  return y + rowHeight
}
