ALTER TABLE "compliance_status" ADD COLUMN "direction_known" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "compliance_status" ADD COLUMN "breach_pending_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "compliance_status" ADD COLUMN "at_risk" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "compliance_status" ADD COLUMN "risk_pending_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "hub" ADD COLUMN "import_only" boolean DEFAULT false NOT NULL;