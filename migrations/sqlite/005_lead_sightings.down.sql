drop table lead_sightings;
