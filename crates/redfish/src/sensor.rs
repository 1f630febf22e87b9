//! What the sensors of a chassis read: temperatures, fans, power.
//!
//! Two models are in the field. The old one (DSP2046, `Thermal` and `Power`, deprecated in 2020.4) has everything in two
//! resources, with thresholds and health; the new one (`ThermalSubsystem`, `EnvironmentMetrics`, `Sensors`) has a resource a
//! sensor. Temperatures and fans are read the old way where there is one, because it says more for one request; power is
//! read the new way first. The lists are never mixed: a sensor would count twice.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::client::Client;
use crate::error::RedfishError;
use crate::link::Link;
use crate::resource::{Resource, Unread, health, is_absent, link, list, number, text};
use crate::word::Health;

/// What the sensors of a chassis read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Readings {
    /// Temperatures; `None` when there are no such sensors, or when they could not be read.
    pub temperatures: Option<Vec<Temperature>>,
    /// Fans; as temperatures.
    pub fans: Option<Vec<Fan>>,
    /// Watts that the chassis draws now.
    pub consumed_watts: Option<f64>,
    /// Watts that it may draw at most, if somebody capped it.
    pub limit_watts: Option<f64>,
    /// Watts that its supplies can give.
    pub capacity_watts: Option<f64>,
    /// What is offered and could not be read.
    pub unread: Vec<Unread>,
}

/// A temperature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Temperature {
    /// What the sensor is called.
    pub name: Option<String>,
    /// Where it is, such as `Intake`, `CPU`.
    pub context: Option<String>,
    /// Degrees Celsius; unknown while the sensor is off.
    pub celsius: Option<f64>,
    /// Degrees Celsius from which it is critical.
    pub critical_celsius: Option<f64>,
    /// How well it is.
    pub health: Option<Health>,
}

/// A fan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fan {
    /// What it is called.
    pub name: Option<String>,
    /// Turns a minute.
    pub rpm: Option<f64>,
    /// Percent of its full speed.
    pub percent: Option<f64>,
    /// How well it is.
    pub health: Option<Health>,
    /// Such as `Enabled`, `Absent`.
    pub state: Option<String>,
}

impl Readings {
    /// Whether temperatures and fans are still to be found. An old list that is empty counts for nothing where there is a
    /// new one: some controllers keep it for old clients' sake.
    fn lack(&self) -> (bool, bool) {
        let lacks_heat = self.temperatures.as_ref().is_none_or(Vec::is_empty);
        (lacks_heat, self.fans.as_ref().is_none_or(Vec::is_empty))
    }
}

impl Client {
    /// Reads the sensors of a chassis.
    ///
    /// # Errors
    /// When the chassis itself cannot be read, or the controller stops to trust us meanwhile. What else goes wrong is in
    /// [`Readings::unread`].
    pub async fn readings(&self, place: &Link) -> Result<Readings, RedfishError> {
        let chassis = self.get(place).await?.value;
        let mut readings = Readings::default();
        self.thermal(&chassis, &mut readings).await?;
        self.thermal_subsystem(&chassis, &mut readings).await?;
        self.environment(&chassis, &mut readings).await?;
        self.old_power(&chassis, &mut readings).await?;
        self.bare_sensors(&chassis, &mut readings).await?;
        Ok(readings)
    }

    /// The resource that a property refers to.
    async fn beside(
        &self,
        owner: &Value,
        property: &str,
        unread: &mut Vec<Unread>,
    ) -> Result<Option<Value>, RedfishError> {
        let Some(place) = link(owner, &format!("/{property}")) else { return Ok(None) };
        let found = self.part(property, self.get(&place), unread).await?;
        Ok(found.map(|resource| resource.value))
    }

    async fn thermal(&self, chassis: &Value, readings: &mut Readings) -> Result<(), RedfishError> {
        let Some(thermal) = self.beside(chassis, "Thermal", &mut readings.unread).await? else {
            return Ok(());
        };
        let is_there = |property: &str| thermal.get(property).is_some_and(Value::is_array);
        readings.temperatures = is_there("Temperatures")
            .then(|| list(&thermal, "/Temperatures").iter().map(old_temperature).collect());
        readings.fans =
            is_there("Fans").then(|| list(&thermal, "/Fans").iter().map(old_fan).collect());
        Ok(())
    }

    async fn thermal_subsystem(
        &self,
        chassis: &Value,
        readings: &mut Readings,
    ) -> Result<(), RedfishError> {
        let (lacks_heat, lacks_fans) = readings.lack();
        if !lacks_heat && !lacks_fans {
            return Ok(());
        }
        let unread = &mut readings.unread;
        let Some(subsystem) = self.beside(chassis, "ThermalSubsystem", unread).await? else {
            return Ok(());
        };
        if lacks_heat
            && let Some(metrics) = self.beside(&subsystem, "ThermalMetrics", unread).await?
            && metrics.get("TemperatureReadingsCelsius").is_some()
        {
            let found = list(&metrics, "/TemperatureReadingsCelsius");
            readings.temperatures = Some(found.iter().map(excerpt).collect());
        }
        if lacks_fans
            && let Some(place) = link(&subsystem, "/Fans")
            && let Some(fans) = self.part("Fans", self.resources(&place), unread).await?
        {
            readings.fans = Some(fans.iter().map(|fan| new_fan(&fan.value)).collect());
        }
        Ok(())
    }

    async fn environment(
        &self,
        chassis: &Value,
        readings: &mut Readings,
    ) -> Result<(), RedfishError> {
        let unread = &mut readings.unread;
        let Some(metrics) = self.beside(chassis, "EnvironmentMetrics", unread).await? else {
            return Ok(());
        };
        readings.consumed_watts = number(&metrics, "/PowerWatts/Reading");
        readings.limit_watts = number(&metrics, "/PowerLimitWatts/SetPoint");
        Ok(())
    }

    async fn old_power(
        &self,
        chassis: &Value,
        readings: &mut Readings,
    ) -> Result<(), RedfishError> {
        let unread = &mut readings.unread;
        let Some(power) = self.beside(chassis, "Power", unread).await? else { return Ok(()) };
        // The first one is the chassis as a whole.
        let at = |property: &str| number(&power, &format!("/PowerControl/0/{property}"));
        readings.consumed_watts = readings.consumed_watts.or_else(|| at("PowerConsumedWatts"));
        readings.limit_watts = readings.limit_watts.or_else(|| at("PowerLimit/LimitInWatts"));
        readings.capacity_watts = at("PowerCapacityWatts");
        Ok(())
    }

    /// Sensors one by one, only for what nothing else says.
    async fn bare_sensors(
        &self,
        chassis: &Value,
        readings: &mut Readings,
    ) -> Result<(), RedfishError> {
        let (lacks_heat, lacks_fans) = readings.lack();
        if !lacks_heat && !lacks_fans {
            return Ok(());
        }
        let Some(place) = link(chassis, "/Sensors") else { return Ok(()) };
        let unread = &mut readings.unread;
        let Some(sensors) = self.part("Sensors", self.resources(&place), unread).await? else {
            return Ok(());
        };
        if lacks_heat {
            let found = sensors.iter().filter(|sensor| is_kind(sensor, "Temperature", "Cel"));
            readings.temperatures =
                Some(found.map(|sensor| new_temperature(&sensor.value)).collect());
        }
        if lacks_fans {
            let found = sensors.iter().filter(|sensor| is_fan(sensor));
            readings.fans = Some(found.map(|sensor| fan_sensor(&sensor.value)).collect());
        }
        Ok(())
    }
}

fn old_temperature(value: &Value) -> Temperature {
    Temperature {
        name: text(value, "/Name"),
        context: text(value, "/PhysicalContext"),
        celsius: number(value, "/ReadingCelsius").filter(|_| !is_absent(value)),
        critical_celsius: number(value, "/UpperThresholdCritical"),
        health: health(value),
    }
}

fn old_fan(value: &Value) -> Fan {
    let units = text(value, "/ReadingUnits");
    let reading = number(value, "/Reading").filter(|_| !is_absent(value));
    // Before version 1.0 the name was another; without units a reading could be either, so it is neither.
    let name = text(value, "/Name").or_else(|| text(value, "/FanName"));
    Fan {
        name,
        rpm: reading.filter(|_| units.as_deref() == Some("RPM")),
        percent: reading.filter(|_| units.as_deref() == Some("Percent")),
        health: health(value),
        state: text(value, "/Status/State"),
    }
}

/// A sensor's reading without the rest of it (DSP0266, "Excerpts").
fn excerpt(value: &Value) -> Temperature {
    Temperature {
        name: text(value, "/DeviceName"),
        context: text(value, "/PhysicalContext"),
        celsius: number(value, "/Reading"),
        critical_celsius: None,
        health: None,
    }
}

fn new_temperature(value: &Value) -> Temperature {
    Temperature {
        name: text(value, "/Name"),
        context: text(value, "/PhysicalContext"),
        celsius: number(value, "/Reading").filter(|_| !is_absent(value)),
        critical_celsius: number(value, "/Thresholds/UpperCritical/Reading"),
        health: health(value),
    }
}

fn new_fan(value: &Value) -> Fan {
    Fan {
        name: text(value, "/Name"),
        rpm: number(value, "/SpeedPercent/SpeedRPM"),
        percent: number(value, "/SpeedPercent/Reading"),
        health: health(value),
        state: text(value, "/Status/State"),
    }
}

fn fan_sensor(value: &Value) -> Fan {
    let units = text(value, "/ReadingUnits");
    let reading = number(value, "/Reading").filter(|_| !is_absent(value));
    let turns = reading.filter(|_| matches!(units.as_deref(), Some("RPM" | "{rev}/min")));
    Fan {
        name: text(value, "/Name"),
        rpm: turns.or_else(|| number(value, "/SpeedRPM")),
        percent: reading.filter(|_| units.as_deref() == Some("%")),
        health: health(value),
        state: text(value, "/Status/State"),
    }
}

/// By its type; by its unit where the type is left out.
fn is_kind(sensor: &Resource, kind: &str, unit: &str) -> bool {
    match text(&sensor.value, "/ReadingType") {
        Some(said) => said == kind,
        None => text(&sensor.value, "/ReadingUnits").as_deref() == Some(unit),
    }
}

fn is_fan(sensor: &Resource) -> bool {
    let is_turning = is_kind(sensor, "Rotational", "RPM")
        || text(&sensor.value, "/ReadingUnits").as_deref() == Some("{rev}/min");
    is_turning || text(&sensor.value, "/PhysicalContext").as_deref() == Some("Fan")
}
