ALTER TABLE "tender" ADD COLUMN "evaluation" jsonb;--> statement-breakpoint
ALTER TABLE "tender_offer" ADD COLUMN "selected_windows" jsonb DEFAULT '[]'::jsonb NOT NULL;