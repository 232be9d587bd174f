-- A row of `licence_area`, which belongs to the grid wing.
ALTER TABLE "weather" ADD CONSTRAINT "weather_area_licence_area_fk" FOREIGN KEY ("area") REFERENCES "licence_area"("code");
