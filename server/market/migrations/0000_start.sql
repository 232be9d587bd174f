CREATE TABLE "der" (
	"der_id" uuid PRIMARY KEY NOT NULL,
	"fsp_id" uuid NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"mpan" text NOT NULL,
	"connection_id" uuid NOT NULL,
	"rated_w" double precision NOT NULL
);
--> statement-breakpoint
CREATE TABLE "flexible_unit" (
	"fu_id" uuid PRIMARY KEY NOT NULL,
	"fsp_id" uuid NOT NULL,
	"name" text NOT NULL,
	"connection_id" uuid NOT NULL,
	"node_id" text NOT NULL,
	"max_turn_down_w" double precision NOT NULL,
	"limits" jsonb,
	"is_whole_site" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "flexible_unit_der" (
	"der_id" uuid PRIMARY KEY NOT NULL,
	"fu_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "fsp" (
	"fsp_id" uuid PRIMARY KEY NOT NULL,
	"company_name" text NOT NULL,
	"contact_name" text NOT NULL,
	"contact_email" text NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"applied_at" timestamp with time zone NOT NULL,
	"decided_at" timestamp with time zone,
	"decided_by" text,
	"control_base_url" text NOT NULL,
	"control_token_endpoint" text NOT NULL,
	"control_client_id" text NOT NULL,
	"control_authentication" text DEFAULT 'client_secret_basic' NOT NULL,
	"control_issuer" text,
	"sealed_control_secret" text,
	"control_scope" text,
	"dispatch_route" text DEFAULT 'http' NOT NULL,
	"dispatch_email" text
);
--> statement-breakpoint
CREATE TABLE "service_status" (
	"fu_id" uuid NOT NULL,
	"effective_from" timestamp with time zone NOT NULL,
	"declared_at" timestamp with time zone NOT NULL,
	"in_service" boolean NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "service_status_fu_id_effective_from_declared_at_pk" PRIMARY KEY("fu_id","effective_from","declared_at")
);
--> statement-breakpoint
CREATE TABLE "submission_gate" (
	"kind" text NOT NULL,
	"version" integer NOT NULL,
	"settings" jsonb NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"changed_by" text NOT NULL,
	CONSTRAINT "submission_gate_kind_version_pk" PRIMARY KEY("kind","version")
);
--> statement-breakpoint
CREATE TABLE "submitted_schedule" (
	"fu_id" uuid NOT NULL,
	"trading_day" date NOT NULL,
	"kind" text NOT NULL,
	"revision" integer NOT NULL,
	"resolution" text NOT NULL,
	"values" jsonb NOT NULL,
	"submitted_at" timestamp with time zone NOT NULL,
	"submitted_by" text NOT NULL,
	CONSTRAINT "submitted_schedule_fu_id_trading_day_kind_revision_pk" PRIMARY KEY("fu_id","trading_day","kind","revision")
);
--> statement-breakpoint
CREATE TABLE "contract" (
	"contract_id" uuid PRIMARY KEY NOT NULL,
	"tender_id" uuid NOT NULL,
	"offer_id" uuid NOT NULL,
	"fsp_id" uuid NOT NULL,
	"fu_id" uuid NOT NULL,
	"product" text NOT NULL,
	"turn_down_w" double precision NOT NULL,
	"availability_gbp_per_mw_h" numeric(11, 4) NOT NULL,
	"utilisation_gbp_per_mwh" numeric(11, 4) NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date NOT NULL,
	"windows" jsonb NOT NULL,
	"baseline_method" text NOT NULL,
	"released_days" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"awarded_at" timestamp with time zone NOT NULL,
	"awarded_by" text NOT NULL,
	CONSTRAINT "contract_offer_id_unique" UNIQUE("offer_id")
);
--> statement-breakpoint
CREATE TABLE "tender" (
	"tender_id" uuid PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"title" text NOT NULL,
	"product" text NOT NULL,
	"zone_node_id" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date NOT NULL,
	"windows" jsonb NOT NULL,
	"ceiling_availability_gbp_per_mw_h" numeric(11, 4) NOT NULL,
	"ceiling_utilisation_gbp_per_mwh" numeric(11, 4) NOT NULL,
	"gate_closes_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"published_at" timestamp with time zone,
	"evaluated_by" text,
	"evaluation" jsonb,
	"awarded_by" text,
	CONSTRAINT "tender_span" CHECK ("tender"."valid_from" <= "tender"."valid_to")
);
--> statement-breakpoint
CREATE TABLE "tender_offer" (
	"offer_id" uuid PRIMARY KEY NOT NULL,
	"response_id" uuid NOT NULL,
	"fu_id" uuid NOT NULL,
	"turn_down_w" double precision NOT NULL,
	"availability_gbp_per_mw_h" numeric(11, 4) NOT NULL,
	"utilisation_gbp_per_mwh" numeric(11, 4) NOT NULL,
	"outcome" text NOT NULL,
	"rejection" text,
	"selected_windows" jsonb DEFAULT '[]'::jsonb NOT NULL,
	CONSTRAINT "tender_offer_once" UNIQUE("response_id","fu_id")
);
--> statement-breakpoint
CREATE TABLE "tender_response" (
	"response_id" uuid PRIMARY KEY NOT NULL,
	"tender_id" uuid NOT NULL,
	"fsp_id" uuid NOT NULL,
	"bid" text NOT NULL,
	"reason" text,
	"submitted_at" timestamp with time zone NOT NULL,
	CONSTRAINT "tender_response_once" UNIQUE("tender_id","fsp_id")
);
--> statement-breakpoint
ALTER TABLE "der" ADD CONSTRAINT "der_fsp_id_fsp_fsp_id_fk" FOREIGN KEY ("fsp_id") REFERENCES "public"."fsp"("fsp_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "flexible_unit" ADD CONSTRAINT "flexible_unit_fsp_id_fsp_fsp_id_fk" FOREIGN KEY ("fsp_id") REFERENCES "public"."fsp"("fsp_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "flexible_unit_der" ADD CONSTRAINT "flexible_unit_der_der_id_der_der_id_fk" FOREIGN KEY ("der_id") REFERENCES "public"."der"("der_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "flexible_unit_der" ADD CONSTRAINT "flexible_unit_der_fu_id_flexible_unit_fu_id_fk" FOREIGN KEY ("fu_id") REFERENCES "public"."flexible_unit"("fu_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_status" ADD CONSTRAINT "service_status_fu_id_flexible_unit_fu_id_fk" FOREIGN KEY ("fu_id") REFERENCES "public"."flexible_unit"("fu_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contract" ADD CONSTRAINT "contract_tender_id_tender_tender_id_fk" FOREIGN KEY ("tender_id") REFERENCES "public"."tender"("tender_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contract" ADD CONSTRAINT "contract_offer_id_tender_offer_offer_id_fk" FOREIGN KEY ("offer_id") REFERENCES "public"."tender_offer"("offer_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contract" ADD CONSTRAINT "contract_fsp_id_fsp_fsp_id_fk" FOREIGN KEY ("fsp_id") REFERENCES "public"."fsp"("fsp_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contract" ADD CONSTRAINT "contract_fu_id_flexible_unit_fu_id_fk" FOREIGN KEY ("fu_id") REFERENCES "public"."flexible_unit"("fu_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tender_offer" ADD CONSTRAINT "tender_offer_response_id_tender_response_response_id_fk" FOREIGN KEY ("response_id") REFERENCES "public"."tender_response"("response_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tender_offer" ADD CONSTRAINT "tender_offer_fu_id_flexible_unit_fu_id_fk" FOREIGN KEY ("fu_id") REFERENCES "public"."flexible_unit"("fu_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tender_response" ADD CONSTRAINT "tender_response_tender_id_tender_tender_id_fk" FOREIGN KEY ("tender_id") REFERENCES "public"."tender"("tender_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tender_response" ADD CONSTRAINT "tender_response_fsp_id_fsp_fsp_id_fk" FOREIGN KEY ("fsp_id") REFERENCES "public"."fsp"("fsp_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "flexible_unit_fsp" ON "flexible_unit" USING btree ("fsp_id");--> statement-breakpoint
CREATE INDEX "flexible_unit_connection" ON "flexible_unit" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "submitted_schedule_day" ON "submitted_schedule" USING btree ("trading_day","kind");--> statement-breakpoint
CREATE INDEX "contract_fu" ON "contract" USING btree ("fu_id","valid_from");--> statement-breakpoint
CREATE INDEX "contract_fsp" ON "contract" USING btree ("fsp_id");