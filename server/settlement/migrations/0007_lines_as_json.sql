ALTER TABLE "statement_line" ALTER COLUMN "instructions" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "statement_line" ALTER COLUMN "site" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "statement_line" ALTER COLUMN "terms" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "statement_line" ALTER COLUMN "baseline_days" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "statement_line" ALTER COLUMN "flags" SET DATA TYPE json;